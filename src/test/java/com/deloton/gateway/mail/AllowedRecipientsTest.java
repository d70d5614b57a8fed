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

    @Test
    void internationalDomainsAreComparedAndSentAsIdn() {
        AllowedRecipients international = new AllowedRecipients(Set.of("exämple.com"));

        assertThat(international.rejectionReason("a@exämple.com")).isNull();
        assertThat(international.rejectionReason("a@xn--exmple-cua.com")).isNull();
        assertThat(international.rejectionReason("a@example.com")).isEqualTo("domain not allowed");
        assertThat(AllowedRecipients.sendable("a@EXÄMPLE.com")).isEqualTo("a@xn--exmple-cua.com");
        assertThat(AllowedRecipients.sendable("jörg@example.com")).isEqualTo("jörg@example.com");
        assertThat(AllowedRecipients.sendable("a@exa mple.com")).isNull();
        assertThat(AllowedRecipients.sendable("a@" + "ä".repeat(70) + ".com")).isNull();
    }

    @Property
    void anAcceptedAddressIsOneSmtpPathWithAnAsciiDomain(@ForAll String local, @ForAll String domain) {
        String sendable = AllowedRecipients.sendable(local + "@" + domain);

        if (sendable != null) {
            assertThat(sendable).doesNotContainPattern("[\\s<>,;:()\"\\p{Cntrl}]");
            assertThat(sendable.substring(sendable.lastIndexOf('@') + 1)).matches("[a-z0-9.-]+");
            assertThat(sendable.chars().filter(c -> c == '@')).hasSize(1);
        }
    }

    @Property
    void textIsHarmlessInHtmlAndInHeaders(@ForAll String text) {
        assertThat(MailText.html(text)).doesNotContain("<", ">", "\"", "'", "\r");
        assertThat(MailText.line(text)).doesNotContain("\r", "\n", "\0");
    }
}
