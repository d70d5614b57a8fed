package com.deloton.gateway.tableau;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.w3c.dom.Element;

/** The SQL that each sheet of a workbook implies, in the shape in which Tableau sends it to PostgreSQL. */
final class WorksheetSql {
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)]");

    private final Map<String, String> columns = new LinkedHashMap<>();
    private final Element source;

    private WorksheetSql(Element source) {
        this.source = source;
        Lint.elements(source, "map").forEach(map -> {
            List<String> parts = BRACKETED
                    .matcher(map.getAttribute("value"))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            columns.put(map.getAttribute("key"), "\"%s\".\"%s\"".formatted(parts.getFirst(), parts.getLast()));
        });
    }

    static Map<String, String> of(byte[] workbook) throws Exception {
        Element root = Xml.parse(workbook).getDocumentElement();
        WorksheetSql sql = new WorksheetSql(Lint.child(Lint.child(root, "datasources"), "datasource"));
        Map<String, String> sheets = new LinkedHashMap<>();
        Lint.children(Lint.child(root, "worksheets"))
                .forEach(sheet -> sheets.put(sheet.getAttribute("name"), sql.sheet(sheet)));
        return sheets;
    }

    private String sheet(Element sheet) {
        List<String> select = new ArrayList<>();
        List<String> group = new ArrayList<>();
        Map<String, String> expressions = new LinkedHashMap<>();
        Lint.elements(sheet, "column-instance").forEach(instance -> {
            String derivation = instance.getAttribute("derivation");
            String name = instance.getAttribute("name");
            String expression = expression(sheet, instance.getAttribute("column"), derivation);
            expressions.put(name, expression);
            if (onlyFiltered(sheet, name)) {
                return;
            }
            select.add("%s AS \"%s\"".formatted(expression, name.substring(1, name.length() - 1)));
            if (derivation.equals("None") || derivation.equals("Day-Trunc")) {
                group.add(Integer.toString(select.size()));
            }
        });
        List<String> where = Lint.elements(sheet, "filter")
                .filter(filter -> filter.getAttribute("included-values").equals("non-null"))
                .map(filter -> "(NOT (%s IS NULL))".formatted(expressions.get(instance(filter.getAttribute("column")))))
                .toList();
        StringBuilder sql =
                new StringBuilder("SELECT " + String.join(",\n  ", select) + "\n" + from(expressions.values()));
        if (!where.isEmpty()) {
            sql.append("\nWHERE ").append(String.join(" AND ", where));
        }
        sql.append(group.isEmpty() ? "\nHAVING (COUNT(1) > 0)" : "\nGROUP BY " + String.join(", ", group));
        Lint.elements(sheet, "groupfilter")
                .filter(filter -> filter.getAttribute("function").equals("end"))
                .forEach(top -> sql.append("\nORDER BY %s DESC LIMIT %s"
                        .formatted(
                                formula(Lint.child(top, "groupfilter").getAttribute("expression")),
                                top.getAttribute("count"))));
        return sql.toString();
    }

    /** On no shelf and no mark, so that it does not split the marks. */
    private static boolean onlyFiltered(Element sheet, String instance) {
        Element table = Lint.child(sheet, "table");
        String shelves = Lint.text(table, "rows") + Lint.text(table, "cols");
        return !shelves.contains(instance)
                && Lint.elements(table, "encodings")
                        .flatMap(Lint::children)
                        .noneMatch(mark -> mark.getAttribute("column").endsWith(instance))
                && Lint.elements(table, "computed-sort")
                        .noneMatch(sort -> sort.getAttribute("using").endsWith(instance))
                && Lint.elements(table, "groupfilter")
                        .noneMatch(member -> member.getAttribute("member").contains(instance));
    }

    private String expression(Element sheet, String column, String derivation) {
        return switch (derivation) {
            case "None" -> formula(column);
            case "Day-Trunc" -> "DATE_TRUNC( 'DAY', CAST(" + formula(column) + " AS TIMESTAMP) )";
            case "User" ->
                formula(Lint.elements(sheet, "column")
                        .filter(definition -> definition.getAttribute("name").equals(column))
                        .map(definition -> Lint.child(definition, "calculation").getAttribute("formula"))
                        .findFirst()
                        .orElseThrow());
            default -> derivation.toUpperCase(java.util.Locale.ROOT) + "(" + formula(column) + ")";
        };
    }

    private String formula(String formula) {
        return BRACKETED
                .matcher(formula.replace("COUNTD(", "COUNT(DISTINCT "))
                .replaceAll(field -> {
                    String column = columns.get(field.group());
                    if (column == null) {
                        throw new AssertionError("no column for " + field.group());
                    }
                    return column;
                })
                .replace(" / ", " / 1.0 / ");
    }

    private String from(Iterable<String> expressions) {
        Set<String> used = new LinkedHashSet<>();
        Pattern view = Pattern.compile("\"([a-z_]+)\"\\.");
        expressions.forEach(expression ->
                view.matcher(expression).results().map(found -> found.group(1)).forEach(used::add));
        used.remove("fact_ride");
        StringBuilder from = new StringBuilder("FROM \"analytics\".\"fact_ride\" \"fact_ride\"");
        for (String other : used) {
            String on = Lint.elements(source, "relationship")
                    .filter(relationship -> endsAt(relationship, other))
                    .flatMap(relationship -> Lint.elements(relationship, "expression"))
                    .filter(expression -> expression.getAttribute("op").equals("="))
                    .map(equal -> Lint.children(equal)
                            .map(side -> formula(side.getAttribute("op")))
                            .collect(Collectors.joining(" = ", "(", ")")))
                    .collect(Collectors.joining(" AND "));
            from.append("\n  LEFT JOIN \"analytics\".\"%s\" \"%s\" ON (%s)".formatted(other, other, on));
        }
        return from.toString();
    }

    private static boolean endsAt(Element relationship, String view) {
        return Lint.child(relationship, "second-end-point")
                        .getAttribute("object-id")
                        .startsWith(view + "_")
                && Lint.child(relationship, "second-end-point")
                                .getAttribute("object-id")
                                .length()
                        == view.length() + 33;
    }

    private static String instance(String qualified) {
        return BRACKETED
                .matcher(qualified)
                .results()
                .map(MatchResult::group)
                .reduce((first, last) -> last)
                .orElseThrow();
    }
}
