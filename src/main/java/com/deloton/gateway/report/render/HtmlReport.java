package com.deloton.gateway.report.render;

import static com.deloton.gateway.mail.MailText.html;

import com.deloton.gateway.report.chart.ChartImages;
import com.deloton.gateway.report.chart.ChartImages.Picture;
import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.NumberFormats;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The report as a page that mail programs render alike: tables, inline styles, one style element for dark mode and
 * phones. Well-formed XML, as the PDF renderer requires.
 */
public final class HtmlReport {
    private static final String STYLE = """
            @page{size:A4;margin:12mm 14mm}
            @media (max-width:620px){.outer{padding:0!important}.card{border-radius:0!important}\
            .pad{padding-left:16px!important;padding-right:16px!important}.tile{width:50%!important}\
            .wide{display:none!important}.h1{font-size:24px!important}.num{font-size:26px!important}\
            .tiles{padding-left:12px!important;padding-right:12px!important}\
            .top{border-radius:0!important}.cell{font-size:13px!important}.num-cell{padding-left:6px!important}}
            @media (prefers-color-scheme:dark){.outer,body{background-color:#0b1220!important}\
            .card{background-color:#111a2b!important}.ink{color:#e8eef6!important}.soft{color:#9fb0c5!important}\
            .box{background-color:#18243a!important}.line{border-color:#26344d!important}\
            .link{color:#5eead4!important}.up{color:#5eead4!important}.down{color:#fdba74!important}}
            @media print{.outer,body{background-color:#ffffff!important}.outer{padding:0!important}\
            .card{max-width:100%!important}.keep{page-break-inside:avoid}\
            .line{padding-top:4px!important;padding-bottom:4px!important}}
            """;
    private static final String FONT = "font-family:'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif;";
    private static final String INK = "color:#1f2937;";
    private static final String SOFT = "color:#5b6b7f;";
    private static final String LAYOUT =
            "role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\"";

    private final DailyFigures figures;
    private final ReportOptions options;
    private final List<Picture> pictures;
    private final Function<Picture, String> source;
    private final ReportText sentences;
    private final StringBuilder page = new StringBuilder(48_000);

    private HtmlReport(
            DailyFigures figures, ReportOptions options, List<Picture> pictures, Function<Picture, String> source) {
        this.figures = figures;
        this.options = options;
        this.pictures = pictures;
        this.source = source;
        sentences = new ReportText(figures);
    }

    /** Refers to pictures that are parts of the mail, by {@code cid:} and their names. */
    public static String mail(DailyFigures figures, ReportOptions options, List<Picture> pictures) {
        return new HtmlReport(figures, options, pictures, picture -> "cid:" + picture.name()).write();
    }

    /** Embeds the pictures as data URLs. */
    public static String page(DailyFigures figures, ReportOptions options, List<Picture> pictures) {
        return new HtmlReport(
                        figures,
                        options,
                        pictures,
                        picture ->
                                "data:image/png;base64," + Base64.getEncoder().encodeToString(picture.png()))
                .write();
    }

    /** The mail's subject, one line, without the revision. */
    public static String subject(DailyFigures figures) {
        return new ReportText(figures).subject();
    }

    private String write() {
        page.append("""
                <!DOCTYPE html>
                <html lang="en" dir="ltr" xmlns="http://www.w3.org/1999/xhtml"><head><meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="supported-color-schemes" content="light dark"/>
                <title>%s</title>
                <style>%s</style></head>
                <body style="margin:0;padding:0;background-color:#eef2f6;%s">
                <div style="display:none;max-height:0;overflow:hidden;font-size:1px;color:#eef2f6">%s</div>
                <table %s class="outer" style="background-color:#eef2f6;padding:24px 12px"><tr><td align="center">
                <table %s class="card" style="text-align:left;max-width:640px;background-color:#ffffff;border-radius:12px">
                """.formatted(html(sentences.subject()), STYLE, FONT, html(sentences.headline()), LAYOUT, LAYOUT));
        top();
        if (figures.isEmpty()) {
            sentences.empty().forEach(sentence -> row("4px 24px", paragraph(sentence)));
        } else {
            figures();
        }
        foot();
        return page.append("</table></td></tr></table></body></html>\n").toString();
    }

    private void top() {
        page.append("<tr><td class=\"pad top\" style=\"padding:24px 24px 20px;background-color:#0f4c47;"
                + "border-radius:12px 12px 0 0\">");
        page.append("<p style=\"margin:0 0 6px;font-size:13px;line-height:18px;letter-spacing:1px;color:#a7e3db\">"
                + "DELOTON DAILY REPORT</p>");
        page.append(
                ("<h1 class=\"h1\" style=\"margin:0;font-size:28px;line-height:34px;font-weight:700;color:#ffffff\">"
                                + "%s</h1><p style=\"margin:6px 0 0;font-size:13px;line-height:18px;color:#c9ece7\">%s</p></td></tr>\n")
                        .formatted(html(sentences.date()), html(sentences.period())));
        row(
                "20px 24px 4px",
                "<p class=\"ink\" style=\"margin:0;font-size:17px;line-height:25px;%s\">%s</p>"
                        .formatted(INK, html(sentences.headline())));
    }

    private void figures() {
        tiles();
        section("Rides per hour", picture("hours"));
        section("Riders by age and gender", picture("riders"));
        section("", Table.ages(figures), "");
        section("", Table.genders(figures), "");
        section(picture("power"), Table.power(figures), "");
        section(picture("zones"), Table.zones(figures), "");
        boolean record = figures.records().stream().anyMatch(DailyFigures.Best::isRecord);
        section(
                "",
                Table.records(figures, options),
                record ? paragraph(Table.RECORD + " better than any ride before.") : "");
        section("Heart-rate alerts", paragraph(sentences.alerts()));
        if (options.riders()) {
            Table riders = Table.riders(figures, options);
            section("", riders, moreRiders(riders.rows().size()));
        }
        section("Data quality", paragraph(sentences.quality()));
    }

    private void tiles() {
        StringBuilder tiles = new StringBuilder("<div style=\"font-size:0;line-height:0\">");
        for (ReportText.Tile tile : sentences.tiles()) {
            tiles.append("""
                    <div class="tile" style="display:inline-block;width:50%%;vertical-align:top;font-size:14px">\
                    <table %s><tr><td style="padding:4px">\
                    <table %s class="box" style="background-color:#f1f5f9;border-radius:10px">\
                    <tr><td style="padding:14px 14px 12px">\
                    <p class="soft" style="margin:0;font-size:13px;line-height:18px;%s">%s</p>\
                    <p class="ink num" style="margin:2px 0 0;font-size:30px;line-height:36px;font-weight:700;%s">%s</p>\
                    <p class="soft" style="margin:0 0 8px;font-size:13px;line-height:18px;%s">%s</p>\
                    %s%s</td></tr></table></td></tr></table></div>""".formatted(
                            LAYOUT,
                            LAYOUT,
                            SOFT,
                            html(tile.label()),
                            INK,
                            html(tile.value()),
                            SOFT,
                            html(tile.more()),
                            change(tile.onDay(), "day before", tile.moreIsBetter()),
                            change(tile.onWeek(), sentences.lastWeekday(), tile.moreIsBetter())));
        }
        row("pad tiles", "12px 20px 4px", tiles.append("</div>").toString());
    }

    private static String change(String change, String than, boolean coloured) {
        String line = "<p class=\"soft\" style=\"margin:0;font-size:13px;line-height:19px;%s\">%s</p>";
        if (change.equals(NumberFormats.NONE)) {
            return line.formatted(SOFT, html("none " + (than.startsWith("last") ? than : "the " + than)));
        }
        String kind = !coloured ? "soft" : change.startsWith("+") ? "up" : change.startsWith("−") ? "down" : "soft";
        String colour = kind.equals("up") ? "#0b6b62" : kind.equals("down") ? "#b4400b" : "#5b6b7f";
        return line.formatted(
                SOFT,
                "<span class=\"%s\" style=\"font-weight:700;color:%s\">%s</span> on %s"
                        .formatted(kind, colour, html(change), html(than)));
    }

    private void section(String before, Table table, String after) {
        if (!table.rows().isEmpty()) {
            section(table.title(), before + table(table) + after);
        }
    }

    /** Kept on one printed page; omitted without content. */
    private void section(String title, String content) {
        if (!content.isEmpty()) {
            row(
                    "26px 24px 0",
                    ("<div class=\"keep\"><h2 class=\"ink\" style=\"margin:0 0 8px;font-size:18px;line-height:24px;"
                                    + "font-weight:700;%s\">%s</h2>%s</div>")
                            .formatted(INK, html(title), content));
        }
    }

    private String picture(String name) {
        return pictures.stream()
                .filter(picture -> picture.name().equals(name))
                .map(picture -> ("<img src=\"%s\" width=\"%d\" height=\"%d\" alt=\"%s\" style=\"display:block;"
                                + "width:100%%;max-width:%2$dpx;height:auto;border:0;border-radius:8px;"
                                + "background-color:#ffffff\"/>")
                        .formatted(source.apply(picture), ChartImages.WIDTH, picture.height(), html(picture.alt())))
                .collect(Collectors.joining());
    }

    private String moreRiders(int listed) {
        int rest = figures.totals().counts().riders() - listed;
        String more = "%s more %s in the attached file and on the "
                .formatted(NumberFormats.count(rest), rest == 1 ? "is" : "are");
        return rest <= 0
                ? ""
                : "<p class=\"soft\" style=\"margin:8px 0 0;font-size:14px;line-height:21px;%s\">%s%s.</p>"
                        .formatted(SOFT, html(more), link(options.link(), "dashboard"));
    }

    private static String table(Table table) {
        StringBuilder cells =
                new StringBuilder(("<table class=\"ink cell\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\""
                                + " width=\"100%%\" style=\"border-collapse:collapse;font-size:14px;line-height:19px;%s\"><tr>")
                        .formatted(INK));
        for (int i = 0; i < table.head().size(); i++) {
            cells.append(cell("th", table, i, table.head().get(i)));
        }
        cells.append("</tr>");
        for (List<String> row : table.rows()) {
            cells.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cells.append(cell("td", table, i, row.get(i)));
            }
            cells.append("</tr>\n");
        }
        return cells.append("</table>").toString();
    }

    /** Short, because a page has hundreds: font and colour come from the table. */
    private static String cell(String tag, Table table, int column, String text) {
        return "<%s class=\"line%s%s%s\" style=\"%spadding:7px 0%s;border-bottom:1px solid #e2e8f0\">%s</%1$s>"
                .formatted(
                        tag,
                        tag.equals("th") ? " soft" : "",
                        column > 0 ? " num-cell" : "",
                        table.onlyWide(column) ? " wide" : "",
                        tag.equals("th") ? SOFT + "font-weight:400;" : "",
                        column > 0 ? " 7px 12px;text-align:right" : ";text-align:left",
                        html(text));
    }

    private static String paragraph(String text) {
        return "<p class=\"ink\" style=\"margin:4px 0 0;font-size:15px;line-height:23px;%s\">%s</p>"
                .formatted(INK, html(text));
    }

    private static String link(String url, String text) {
        return "<a class=\"link\" href=\"%s\" style=\"color:#0f766e;text-decoration:underline\">%s</a>"
                .formatted(html(url), html(text));
    }

    private void foot() {
        StringBuilder foot = new StringBuilder(
                "<p class=\"soft\" style=\"margin:0;font-size:13px;line-height:20px;%s\">".formatted(SOFT));
        if (!figures.isEmpty()) {
            foot.append(html(sentences.rules())).append("<br/>");
        }
        foot.append(html(sentences.made())).append("<br/>").append(link(options.link(), "Open the dashboard"));
        if (!options.unsubscribe().isEmpty()) {
            foot.append(" · ").append(link(options.unsubscribe(), "Unsubscribe"));
        }
        row("28px 24px 28px", foot.append("</p>").toString());
    }

    private void row(String padding, String content) {
        row("pad", padding, content);
    }

    private void row(String kind, String padding, String content) {
        page.append("<tr><td class=\"%s\" style=\"padding:%s\">".formatted(kind, padding))
                .append(content)
                .append("</td></tr>\n");
    }
}
