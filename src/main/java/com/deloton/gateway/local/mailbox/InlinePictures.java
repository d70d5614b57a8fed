package com.deloton.gateway.local.mailbox;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Locale;

/** Pictures that are parts of a mail and that its HTML refers to by {@code cid:} (RFC 2392). */
final class InlinePictures {
    private InlinePictures() {}

    /** The HTML with each picture as a data URL, since browsers cannot load {@code cid:} addresses. */
    static String embedded(String html, Part part) throws MessagingException, IOException {
        if (part.getContent() instanceof Multipart parts) {
            String page = html;
            for (int i = 0; i < parts.getCount(); i++) {
                page = embedded(page, parts.getBodyPart(i));
            }
            return page;
        }
        String[] ids = part.getHeader("Content-ID");
        if (ids == null || !part.isMimeType("image/*") || !(part instanceof BodyPart)) {
            return html;
        }
        String id = ids[0].strip().replaceAll("^<|>$", "");
        return html.replace("cid:" + id, dataUrl(part));
    }

    private static String dataUrl(Part picture) throws MessagingException, IOException {
        String type = picture.getContentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        try (InputStream content = picture.getInputStream()) {
            return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content.readAllBytes());
        }
    }
}
