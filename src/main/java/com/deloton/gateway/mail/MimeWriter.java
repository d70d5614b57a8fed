package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.mail.OutgoingMail.Part;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.mail.MailAttachment;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.mailencoder.MailEncoder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a mail as a MIME message: alternatives of text and HTML, the HTML with its pictures, then files. The mail client
 * of Vert.x encodes the message. It cannot close a dialogue that has exceeded its time, so {@link SmtpDialogue} sends it.
 */
final class MimeWriter {
    private MimeWriter() {}

    static MimeMessage write(MailConfig config, Session session, OutgoingMail mail, String messageId)
            throws MessagingException {
        MailMessage message = new MailMessage()
                .setFrom(config.from())
                .setSubject(MailText.line(mail.subject()))
                .setText(mail.text())
                .setHtml(mail.html())
                .addHeader("Message-ID", "<" + MailText.line(messageId) + ">")
                .addHeader("Auto-Submitted", "auto-generated")
                .addHeader("X-Auto-Response-Suppress", "All");
        mail.headers().forEach((name, value) -> message.addHeader(name, MailText.line(value)));
        attach(
                mail.inline(),
                "inline",
                pictures -> message.setInlineAttachment(
                        pictures.stream().map(MimeWriter::withContentId).toList()));
        attach(mail.attachments(), "attachment", message::setAttachment);
        String domain = config.from().substring(config.from().lastIndexOf('@') + 1);
        byte[] encoded = new MailEncoder(message, domain).encode().getBytes(StandardCharsets.UTF_8);
        MimeMessage mime = new MimeMessage(session, new ByteArrayInputStream(encoded));
        mime.setFrom(from(config));
        for (String to : mail.to()) {
            mime.addRecipient(Message.RecipientType.TO, address(to));
        }
        return mime;
    }

    /** Without the parser of display names and comments, which would reject or change unusual local parts. */
    static InternetAddress address(String plain) {
        InternetAddress address = new InternetAddress();
        address.setAddress(plain);
        return address;
    }

    private static InternetAddress from(MailConfig config) throws MessagingException {
        try {
            return new InternetAddress(config.from(), MailText.line(config.fromName()), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("every JVM has UTF-8", e);
        }
    }

    private static void attach(List<Part> parts, String disposition, Consumer<List<MailAttachment>> add) {
        if (!parts.isEmpty()) {
            add.accept(parts.stream()
                    .map(part -> MailAttachment.create()
                            .setName(part.name())
                            .setContentType(part.contentType())
                            .setDisposition(disposition)
                            .setData(Buffer.buffer(part.content())))
                    .toList());
        }
    }

    /** HTML refers to a picture by its name without the ending. */
    private static MailAttachment withContentId(MailAttachment picture) {
        return picture.setContentId("<" + picture.getName().replaceFirst("\\.\\w+$", "") + ">");
    }
}
