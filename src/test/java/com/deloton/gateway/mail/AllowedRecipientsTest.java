package com.deloton.gateway.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.MailConfig;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AllowedRecipientsTest {
    private final AllowedRecipients allowed = new AllowedRecipients(Set.of("example.com"));

    @Test
    void onlyTheDomainAndThoseBelowIt() {
        assertThat(allowed.rejectionReason("zoe@example.com")).isNull();
        assertThat(allowed.rejectionReason("zoe.o'neill+1@Mail.Example.COM")).isNull();
        assertThat(allowed.rejectionReason("zoe@notexample.com")).isEqualTo("domain not allowed");
        assertThat(allowed.rejectionReason("zoe@example.com.evil.org")).isEqualTo("domain not allowed");
        assertThat(new AllowedRecipients(Set.of()).rejectionReason("zoe@example.com"))
                .isEqualTo("domain not allowed");
        assertThat(new AllowedRecipients(Set.of(MailConfig.ANY)).rejectionReason("zoe@anywhere.org"))
                .isNull();
    }

    @Test
    void onlyPlainAddresses() {
        for (String bad : new String[] {
            "zoe@evil.org,zoe@example.com",
            "<zoe@example.com>",
            "zoe@example.com\r\nBcc: x",
            "a b@example.com",
            "@example.com",
            "zoe@evil.org@example.com",
            "zoe"
        }) {
            assertThat(allowed.rejectionReason(bad)).as(bad).isEqualTo("not an address");
        }
        assertThat(allowed.rejectionReason(null)).isEqualTo("no address");
    }

    @Property
    void textIsHarmlessInHtmlAndInHeaders(@ForAll String text) {
        assertThat(MailText.html(text)).doesNotContain("<", ">", "\"", "'", "\r");
        assertThat(MailText.line(text)).doesNotContain("\r", "\n", "\0");
    }
}
