package com.deloton.gateway.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.mail.OutgoingMail.Part;
import jakarta.activation.DataHandler;
import jakarta.mail.BodyPart;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.util.Map;

/** Writes a mail as a MIME message: alternatives of text and HTML, the HTML with its pictures, then files. */
final class MimeWriter {
    private MimeWriter() {}

    static MimeMessage write(MailConfig config, Session session, OutgoingMail mail, String messageId)
            throws MessagingException {
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + MailText.line(messageId) + ">");
            }
        };
        message.setFrom(from(config));
        for (String to : mail.to()) {
            message.addRecipient(Message.RecipientType.TO, address(to));
        }
        message.setSubject(MailText.line(mail.subject()), UTF_8.name());
        message.setSentDate(new java.util.Date());
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Auto-Response-Suppress", "All");
        for (Map.Entry<String, String> header : mail.headers().entrySet()) {
            message.setHeader(header.getKey(), MailText.line(header.getValue()));
        }
        message.setContent(content(mail));
        message.saveChanges();
        return message;
    }

    /** Without the parser of display names and comments, which would reject or change unusual local parts. */
    static InternetAddress address(String plain) {
        InternetAddress address = new InternetAddress();
        address.setAddress(plain);
        return address;
    }

    private static InternetAddress from(MailConfig config) throws MessagingException {
        try {
            return new InternetAddress(config.from(), MailText.line(config.fromName()), UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("every JVM has UTF-8", e);
        }
    }

    private static Multipart content(OutgoingMail mail) throws MessagingException {
        MimeMultipart alternatives = new MimeMultipart("alternative", text(mail.text(), "plain"), html(mail));
        if (mail.attachments().isEmpty()) {
            return alternatives;
        }
        MimeMultipart mixed = new MimeMultipart("mixed", body(alternatives));
        for (Part file : mail.attachments()) {
            MimeBodyPart part = part(file);
            part.setDisposition(jakarta.mail.Part.ATTACHMENT);
            mixed.addBodyPart(part);
        }
        return mixed;
    }

    private static BodyPart html(OutgoingMail mail) throws MessagingException {
        if (mail.inline().isEmpty()) {
            return text(mail.html(), "html");
        }
        MimeMultipart related = new MimeMultipart("related", text(mail.html(), "html"));
        for (Part picture : mail.inline()) {
            MimeBodyPart part = part(picture);
            part.setDisposition(jakarta.mail.Part.INLINE);
            part.setContentID("<" + picture.name().replaceFirst("\\.\\w+$", "") + ">");
            related.addBodyPart(part);
        }
        return body(related);
    }

    private static MimeBodyPart text(String text, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text.replace("\r\n", "\n").replace("\n", "\r\n"), UTF_8.name(), subtype);
        return part;
    }

    private static MimeBodyPart body(Multipart content) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setContent(content);
        return part;
    }

    private static MimeBodyPart part(Part file) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(file.content(), file.contentType())));
        part.setFileName(file.name());
        return part;
    }
}
