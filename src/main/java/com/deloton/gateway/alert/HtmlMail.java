package com.deloton.gateway.alert;

import static com.deloton.gateway.mail.MailText.html;

/** HTML that mail programs render alike: inline styles, pictures inside the mail, no external resources. */
final class HtmlMail {
    static final String TABLE = "<table style=\"border-collapse:collapse;margin:0 0 16px\">";

    private HtmlMail() {}

    static String page(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en" dir="ltr"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s</title></head>
                <body style="margin:0;padding:0">
                <div style="max-width:560px;margin:0 auto;padding:24px;font:16px/1.5 Arial,Helvetica,sans-serif">
                <h1 style="font-size:20px;line-height:1.3;margin:0 0 16px">%s</h1>
                %s
                </div></body></html>
                """.formatted(html(title), html(title), body);
    }

    static String paragraph(String text) {
        return "<p style=\"margin:0 0 16px\">" + html(text) + "</p>\n";
    }

    static String row(String label, String value) {
        return "<tr><th scope=\"row\" style=\"text-align:left;padding:4px 16px 4px 0;vertical-align:top;white-space:nowrap\">%s</th>"
                        .formatted(html(label))
                + "<td style=\"padding:4px 0\">%s</td></tr>\n".formatted(html(value));
    }

    /** A picture of the mail, by its content id. */
    static String picture(String contentId, int height, String alt) {
        return ("<img src=\"cid:%s\" width=\"512\" alt=\"%s\" style=\"display:block;width:100%%;max-width:592px;height:auto;"
                        + "max-height:%dpx;margin:0 0 16px;border-radius:4px\">\n")
                .formatted(html(contentId), html(alt), height);
    }

    static String button(String url, String text) {
        return ("<p style=\"margin:12px 0 24px\"><a href=\"%s\" style=\"display:inline-block;padding:12px 20px;"
                        + "background-color:#0b6a66;color:#ffffff;text-decoration:none;border-radius:4px\">%s</a></p>\n")
                .formatted(html(url), html(text));
    }
}
