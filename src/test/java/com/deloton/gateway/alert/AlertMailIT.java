package com.deloton.gateway.alert;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.testing.TestServers;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AlertMailIT {
    private final LocalMail mail = TestServers.mail();
    private final AlertFixture fixture = new AlertFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
        mail.close();
    }

    @Test
    void saysWhatWasMeasuredAndWhatToDo() throws Exception {
        MimeMessage message = sent("Dr", "Zoë D'Arcy-Núñez");

        assertThat(message.getSubject()).isEqualTo("Your heart rate is above your range: 192 bpm");
        assertThat(message.getContentType()).startsWith("multipart/alternative");
        assertThat(part(message, 0))
                .contains("Hello Dr Zoë D'Arcy-Núñez,")
                .contains("Measured: 192 beats per minute")
                .contains("Your range: 50 to 180 beats per minute")
                .contains("chest pain", "dizzy", "short of breath")
                .contains("This is information, not a diagnosis")
                .contains("https://gateway.example.com/alerts/acknowledge/1.1.");
        assertThat(part(message, 1))
                .contains("<html lang=\"en\"")
                .contains("Hello Dr Zoë D&#39;Arcy-Núñez,")
                .contains("192 beats per minute", "50 to 180", "not a diagnosis", "/alerts/acknowledge/1.1.")
                .doesNotContain("<img", "<script", "<link");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(message.getMessageID()).isEqualTo("<alert-1-1-alert@deloton.example.com>");
        assertThat(message.getFrom()[0].toString())
                .contains("\"Deloton (alerts)\"")
                .contains("alerts@deloton.example.com");
    }

    @Test
    void greetsWhoeverHasNoName() throws Exception {
        assertThat(part(sent(null, null), 0)).startsWith("Hello,");
    }

    @Test
    void carriesAPictureOfTheMinutesAround() throws Exception {
        fixture.rider(1, null, "Zoë", "rider@example.com");
        fixture.ride(1, 1, "SN0007", 150, 170, 190, 190, 190, 185, 176);
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(mail.smtpPort()));
        awaitTrue(() -> mail.mails().size() == 1);

        MimeMultipart alternatives =
                (MimeMultipart) mail.mails().getFirst().message().getContent();
        MimeMultipart related = (MimeMultipart) alternatives.getBodyPart(1).getContent();
        assertThat(related.getBodyPart(0).getContent().toString()).contains("src=\"cid:heartrate\"");
        assertThat(related.getBodyPart(1).getContentType()).startsWith("image/png");
        assertThat(related.getBodyPart(1).getHeader("Content-ID")).containsExactly("<heartrate>");
    }

    @Test
    void staffReadWhichBikeHowLongAndWhereToLook() throws Exception {
        fixture.rider(1, null, "Zoë", "rider@example.com");
        fixture.ride(1, 1, "SN0007", 150, 170, 190, 190, 190, 185, 176);
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(
                AlertFixture.config(false, null, java.time.Duration.ofMillis(1)), AlertFixture.mail(mail.smtpPort()));
        awaitTrue(() -> mail.mails().size() == 2);

        MimeMessage escalation = mail.mails().stream()
                .map(caught -> caught.message())
                .filter(message -> subject(message).startsWith("A rider"))
                .findAny()
                .orElseThrow();
        assertThat(part(escalation, 0))
                .contains("Rider: Zoë (number 1)", "Bike: SN0007", "Severity: Warning", "Duration: ")
                .contains("Latest: 176 beats per minute at ")
                .contains("https://gateway.example.com/#/ride/1");
    }

    private static String subject(MimeMessage message) {
        try {
            return message.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void namesCannotBringMarkupOrHeaders() throws Exception {
        MimeMessage message = sent(null, "<b onclick=\"x\">Bob</b>\r\nBcc: all@example.com");

        assertThat(part(message, 1))
                .contains("&lt;b onclick=&quot;x&quot;&gt;Bob&lt;/b&gt;")
                .doesNotContain("<b ");
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(Collections.list(message.getAllHeaderLines())).noneMatch(line -> line.contains("all@example.com"));
    }

    private MimeMessage sent(
            @org.jspecify.annotations.Nullable String title, @org.jspecify.annotations.Nullable String name)
            throws Exception {
        fixture.rider(1, title, name, "rider@example.com");
        fixture.hearts(1, 1, 190, 191, 192);
        fixture.start(AlertFixture.CONFIG, AlertFixture.mail(mail.smtpPort()));
        awaitTrue(() -> mail.mails().size() == 1);
        return mail.mails().getFirst().message();
    }

    private static String part(MimeMessage message, int index) throws Exception {
        return ((MimeMultipart) message.getContent())
                .getBodyPart(index)
                .getContent()
                .toString()
                .replace("\r\n", "\n");
    }
}
