package com.deloton.gateway.mail;

import java.util.List;
import java.util.Map;

/**
 * A mail without its sender, as plain text and as HTML of the same content.
 *
 * @param headers further headers, by name
 * @param inline parts that the HTML refers to by {@code cid:} and their names
 * @param attachments files
 */
public record OutgoingMail(
        List<String> to,
        String subject,
        String text,
        String html,
        Map<String, String> headers,
        List<Part> inline,
        List<Part> attachments) {
    public OutgoingMail {
        to = List.copyOf(to);
        headers = Map.copyOf(headers);
        inline = List.copyOf(inline);
        attachments = List.copyOf(attachments);
    }

    /** A mail without further headers and parts. */
    public OutgoingMail(List<String> to, String subject, String text, String html) {
        this(to, subject, text, html, Map.of(), List.of(), List.of());
    }

    OutgoingMail withRecipients(List<String> recipients) {
        return new OutgoingMail(recipients, subject, text, html, headers, inline, attachments);
    }

    /**
     * A file or picture.
     *
     * @param name unique in the mail
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Part(String name, String contentType, byte[] content) {}
}
