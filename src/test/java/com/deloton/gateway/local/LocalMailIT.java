package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.deloton.gateway.testing.TestServers;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalMailIT {
    private final LocalMail mail = TestServers.mail();

    @AfterEach
    void close() {
        mail.close();
    }

    @Test
    void keepsOneMailOfManyRecipientsOnce() throws Exception {
        send("Slow down", "rider@example.com", "coach@example.com");

        assertThat(mail.mails()).singleElement().satisfies(caught -> {
            assertThat(caught.subject()).isEqualTo("Slow down");
            assertThat(caught.from()).isEqualTo("gateway@example.com");
            assertThat(caught.to()).containsExactlyInAnyOrder("rider@example.com", "coach@example.com");
            assertThat(caught.message().getContent()).asString().contains("Your heart rate is high.");
        });
    }

    @Test
    void collectsTheMailsOfAllRecipientsInOneImapMailbox() throws Exception {
        send("First", "one@example.com");
        send("Second", "two@example.com");

        try (Store store = session(mail).getStore("imap")) {
            store.connect(mail.host(), mail.imapPort(), LocalMail.USER, LocalMail.PASSWORD);
            Folder inbox = store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            assertThat(inbox.getMessages()).extracting(Message::getSubject).containsExactly("First", "Second");
        }
    }

    @Test
    void refusesAnUnknownReader() throws Exception {
        try (Store store = session(mail).getStore("imap")) {
            assertThatThrownBy(() -> store.connect(mail.host(), mail.imapPort(), "one@example.com", "one@example.com"))
                    .isInstanceOf(AuthenticationFailedException.class);
        }
    }

    @Test
    void forgetsTheOldestMailsFirst() throws Exception {
        try (LocalMail small = LocalMail.start(0, 0, 2)) {
            for (String subject : List.of("First", "Second", "Third")) {
                send(small, subject, "rider@example.com");
            }
            assertThat(small.mails()).extracting(LocalMail.Mail::subject).containsExactly("Second", "Third");
        }
    }

    private void send(String subject, String... recipients) throws MessagingException {
        send(mail, subject, recipients);
    }

    private static void send(LocalMail mail, String subject, String... recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(session(mail));
        message.setFrom("gateway@example.com");
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(subject);
        message.setText("Your heart rate is high.");
        Transport.send(message);
    }

    private static Session session(LocalMail mail) {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", mail.host());
        properties.setProperty("mail.smtp.port", Integer.toString(mail.smtpPort()));
        properties.setProperty("mail.smtp.localhost", "localhost");
        return Session.getInstance(properties);
    }
}
