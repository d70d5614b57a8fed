package com.deloton.gateway.tableau;

import static com.deloton.gateway.tableau.DataSource.bracketed;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.tableau.Worksheet.Filter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The workbook: the rides' data source, the sheets on it and a dashboard of all of them. */
final class Workbook {
    static final String DASHBOARD = "Deloton";
    private static final int WIDTH = 1_300;
    private static final int ROW = 360;
    /** Zones are placed in a square of this size, whatever the dashboard measures. */
    private static final int WHOLE = 100_000;

    private static final int FILTERS_WIDTH = 12_000;
    private static final Pattern FIELD = Pattern.compile("\\[([^\\]]+)]");

    private final DataSource data;

    Workbook(AnalystConfig where) {
        data = new DataSource(DataSourceModel.RIDES, where);
    }

    byte[] file() {
        Xml workbook = Xml.root("workbook")
                .declareUser()
                .with("source-build", "2024.2.0 (20242.24.0618.1210)")
                .with("source-platform", "win", "version", DataSource.VERSION);
        DataSource.manifest(workbook);
        data.addTo(workbook.add("datasources"));
        Xml worksheets = workbook.add("worksheets");
        Worksheet.ALL.forEach(sheet -> worksheet(worksheets.add("worksheet").with("name", sheet.name()), sheet));
        dashboard(workbook.add("dashboards").add("dashboard").with("name", DASHBOARD));
        windows(workbook.add("windows").with("source-height", "30"));
        return workbook.bytes();
    }

    private void worksheet(Xml worksheet, Worksheet sheet) {
        worksheet
                .add("layout-options")
                .add("title")
                .add("formatted-text")
                .add("run")
                .text(sheet.title());
        Xml table = worksheet.add("table");
        Xml view = table.add("view");
        view.add("datasources").add("datasource").with("caption", data.source().caption(), "name", data.name());
        dependencies(view.add("datasource-dependencies").with("datasource", data.name()), sheet);
        filters(view, sheet);
        sheet.sorts().stream()
                .filter(sort ->
                        sheet.top() == 0 || !sort.pill().equals(sheet.rows().getFirst()))
                .forEach(sort -> view.add("computed-sort")
                        .with("column", qualified(sort.pill()), "direction", sort.ascending() ? "ASC" : "DESC")
                        .with("using", qualified(sort.by())));
        if (sheet.top() > 0) {
            view.add("shelf-sorts")
                    .add("shelf-sort-v2")
                    .with("dimension-to-sort", qualified(sheet.rows().getFirst()), "direction", "DESC")
                    .with("is-on-innermost-dimension", "true", "shelf", "rows")
                    .with("measure-to-sort-by", qualified(sheet.cols().getFirst()));
        }
        if (!sheet.filters().isEmpty()) {
            Xml slices = view.add("slices");
            sheet.filters().forEach(filter -> slices.add("column").text(qualified(filter.pill())));
        }
        view.add("aggregation").with("value", "true");
        table.add("style");
        pane(table.add("panes").add("pane").with("selection-relaxation-option", "selection-relaxation-allow"), sheet);
        table.add("rows").text(shelf(sheet.rows()));
        table.add("cols").text(shelf(sheet.cols()));
        worksheet.add("simple-id").with("uuid", uuid("sheet " + sheet.name()));
    }

    private void dependencies(Xml dependencies, Worksheet sheet) {
        Set<String> locals = new LinkedHashSet<>();
        sheet.pills().forEach(pill -> locals.addAll(withFormula(local(pill))));
        locals.forEach(local -> data.addColumn(dependencies, local));
        for (String pill : sheet.pills()) {
            dependencies
                    .add("column-instance")
                    .with(
                            "column", bracketed(local(pill)),
                            "derivation", derivation(pill),
                            "name", bracketed(instance(pill)),
                            "pivot", "key",
                            "type", scale(pill));
        }
    }

    /** The field, and what it is computed from. */
    private List<String> withFormula(String local) {
        Stream<String> used = data.source().calculations().stream()
                .filter(calculation -> calculation.name().equals(local))
                .flatMap(calculation -> FIELD.matcher(calculation.formula()).results())
                .map(found -> found.group(1));
        return Stream.concat(Stream.of(local), used).toList();
    }

    private void filters(Xml view, Worksheet sheet) {
        if (!sheet.values().isEmpty()) {
            Xml names = view.add("filter")
                    .with("class", "categorical", "column", bracketed(data.name()) + ".[:" + Worksheet.NAMES + "]");
            Xml union = names.add("groupfilter").with("function", "union").withUser("op", "manual");
            sheet.values()
                    .forEach(pill -> union.add("groupfilter")
                            .with("function", "member", "level", "[:" + Worksheet.NAMES + "]")
                            .with("member", '"' + qualified(pill) + '"'));
        }
        sheet.filters().forEach(filter -> filter(view.add("filter").with("column", qualified(filter.pill())), filter));
        if (sheet.top() > 0) {
            String member = sheet.rows().getFirst();
            Xml order = view.add("filter")
                    .with("class", "categorical", "column", qualified(member))
                    .add("groupfilter")
                    .with("count", Integer.toString(sheet.top()), "end", "top", "function", "end", "units", "records")
                    .withUser("ui-marker", "end")
                    .withUser("ui-top-by-field", "true")
                    .add("groupfilter")
                    .with(
                            "direction",
                            "DESC",
                            "expression",
                            expression(sheet.cols().getFirst()),
                            "function",
                            "order")
                    .withUser("ui-marker", "order");
            everyMember(order, member);
        }
    }

    private void filter(Xml filter, Filter wanted) {
        if (wanted.pill().endsWith(":qk")) {
            filter.with("class", "quantitative", "included-values", wanted.shown() ? "all" : "non-null");
        } else {
            filter.with("class", "categorical");
            everyMember(filter, wanted.pill());
        }
    }

    private void everyMember(Xml parent, String pill) {
        parent.add("groupfilter")
                .with("function", "level-members", "level", bracketed(instance(pill)))
                .withUser("ui-enumeration", "all")
                .withUser("ui-marker", "enumerate");
    }

    private void pane(Xml pane, Worksheet sheet) {
        pane.add("view").add("breakdown").with("value", "auto");
        pane.add("mark").with("class", sheet.mark());
        Xml encodings = pane.add("encodings");
        if (sheet.color() != null) {
            encodings.add("color").with("column", qualified(sheet.color()));
        }
        sheet.tooltip().forEach(pill -> encodings.add("tooltip").with("column", qualified(pill)));
    }

    private void dashboard(Xml dashboard) {
        int rows = (Worksheet.ALL.size() + 1) / 2;
        String height = Integer.toString(rows * ROW);
        String width = Integer.toString(WIDTH);
        dashboard.add("style");
        dashboard
                .add("size")
                .with("maxheight", height, "maxwidth", width, "minheight", height, "minwidth", width)
                .with("sizing-mode", "fixed");
        Xml root = zone(dashboard.add("zones"), 1, 0, 0, WHOLE, WHOLE).with("type-v2", "layout-basic");
        int id = 1;
        int tall = WHOLE / rows;
        int wide = (WHOLE - FILTERS_WIDTH) / 2;
        for (int i = 0; i < Worksheet.ALL.size(); i++) {
            zone(root, ++id, i % 2 * wide, i / 2 * tall, wide, tall)
                    .with("name", Worksheet.ALL.get(i).name());
        }
        int y = 0;
        for (Worksheet sheet : Worksheet.ALL) {
            for (Filter filter : sheet.shownFilters().toList()) {
                zone(root, ++id, 2 * wide, y, FILTERS_WIDTH, WHOLE / 10)
                        .with("name", sheet.name(), "param", qualified(filter.pill()), "type-v2", "filter");
                y += WHOLE / 10;
            }
        }
        dashboard.add("simple-id").with("uuid", uuid("dashboard"));
    }

    private static Xml zone(Xml parent, int id, int x, int y, int w, int h) {
        return parent.add("zone")
                .with("id", Integer.toString(id), "x", Integer.toString(x), "y", Integer.toString(y))
                .with("w", Integer.toString(w), "h", Integer.toString(h));
    }

    private static void windows(Xml windows) {
        Xml dashboard = windows.add("window").with("class", "dashboard", "maximized", "true", "name", DASHBOARD);
        Xml viewpoints = dashboard.add("viewpoints");
        Worksheet.ALL.forEach(sheet -> viewpoints
                .add("viewpoint")
                .with("name", sheet.name())
                .add("zoom")
                .with("type", "entire-view"));
        dashboard.add("active").with("id", "-1");
        dashboard.add("simple-id").with("uuid", uuid("window of the dashboard"));
        for (Worksheet sheet : Worksheet.ALL) {
            Xml window = windows.add("window").with("class", "worksheet", "name", sheet.name());
            Xml cards = window.add("cards");
            strip(cards.add("edge").with("name", "left"), "160", List.of("pages", "filters", "marks"));
            strip(cards.add("edge").with("name", "top"), "2147483647", List.of("columns"));
            strip(cards.add("edge").with("name", "top"), "2147483647", List.of("rows"));
            window.add("viewpoint").add("zoom").with("type", "entire-view");
            window.add("simple-id").with("uuid", uuid("window " + sheet.name()));
        }
    }

    private static void strip(Xml edge, String size, List<String> cards) {
        Xml strip = edge.add("strip").with("size", size);
        cards.forEach(card -> strip.add("card").with("type", card));
    }

    private String shelf(List<String> pills) {
        boolean axes = pills.stream().allMatch(pill -> suffix(pill).equals("qk"));
        String joined = pills.stream().map(this::qualified).collect(Collectors.joining(axes ? " + " : " / "));
        return pills.size() > 1 ? "(" + joined + ")" : joined;
    }

    private String qualified(String pill) {
        String name = switch (pill) {
            case Worksheet.VALUES -> pill;
            case Worksheet.NAMES -> ":" + pill;
            default -> instance(pill);
        };
        return bracketed(data.name()) + "." + bracketed(name);
    }

    private String instance(String pill) {
        return pill.endsWith(":qk") ? pill : pill + ":" + suffix(pill);
    }

    private String suffix(String pill) {
        return switch (scale(pill)) {
            case "quantitative" -> "qk";
            case "ordinal" -> "ok";
            default -> "nk";
        };
    }

    private String scale(String pill) {
        if (pill.endsWith(":qk") || !pill.startsWith("none:")) {
            return "quantitative";
        }
        return data.source().fields().stream()
                .filter(field -> data.source().local(field).equals(local(pill)))
                .map(Field::scale)
                .findFirst()
                .orElseThrow();
    }

    private static String local(String pill) {
        Matcher parts = Pattern.compile("[a-z]+:(.*?)(:qk)?").matcher(pill);
        if (!parts.matches()) {
            throw new IllegalStateException("no pill: " + pill);
        }
        return parts.group(1);
    }

    private static String derivation(String pill) {
        String code = pill.substring(0, pill.indexOf(':'));
        return switch (code) {
            case "usr" -> "User";
            case "tdy" -> "Day-Trunc";
            default -> code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1);
        };
    }

    private static String expression(String pill) {
        return pill.substring(0, pill.indexOf(':')).toUpperCase(Locale.ROOT) + "(" + bracketed(local(pill)) + ")";
    }

    private static String uuid(String name) {
        return "{"
                + UUID.nameUUIDFromBytes(("deloton " + name).getBytes(StandardCharsets.UTF_8))
                        .toString()
                        .toUpperCase(Locale.ROOT)
                + "}";
    }
}
