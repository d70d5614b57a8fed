package com.deloton.gateway.mail;

/** Escapes foreign text for mails and pages. */
public final class MailText {
    private static final int MAX_HEADER = 200;

    private MailText() {}

    /** Escapes for HTML text and attribute values. */
    public static String html(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(Character.isISOControl(c) && c != '\n' ? ' ' : c);
            }
        }
        return safe.toString();
    }

    /** One line without control or bidirectional characters, at most 200 code points. */
    public static String line(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ").strip();
        return line.codePointCount(0, line.length()) <= MAX_HEADER
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MAX_HEADER));
    }
}
