package com.deloton.gateway.tableau;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/** The views, fields and relationships that the committed data sources declare. */
final class AnalystModel {
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)]");

    /** @param type PostgreSQL's name, such as {@code int4} */
    record Field(String view, String column, String type, String description) {}

    /**
     * @param unique whether {@code to} has at most one row for each row of {@code from}; otherwise it is the reverse
     * @param columns the columns, with the same name in both views, that must be equal
     */
    record Relationship(String from, String to, boolean unique, List<String> columns) {}

    private final Map<String, List<Field>> fields = new LinkedHashMap<>();
    private final List<Relationship> relationships;

    private AnalystModel() {
        List<Element> sources = Stream.of(TableauFiles.RIDES, TableauFiles.READINGS)
                .map(name -> TableauFiles.template(name).getDocumentElement())
                .toList();
        sources.forEach(source -> read(source).forEach(fields::putIfAbsent));
        relationships =
                sources.stream().flatMap(AnalystModel::relationships).distinct().toList();
    }

    static AnalystModel read() {
        return new AnalystModel();
    }

    /** In the order of the data source. */
    List<Field> fieldsOf(String view) {
        return fields.getOrDefault(view, List.of());
    }

    List<Relationship> relationships() {
        return relationships;
    }

    private static Map<String, List<Field>> read(Element source) {
        Map<String, String> descriptions = new LinkedHashMap<>();
        Lint.children(source)
                .filter(element -> element.getTagName().equals("column"))
                .forEach(column -> descriptions.put(
                        column.getAttribute("name"),
                        Lint.child(column, "desc").getTextContent().strip()));
        Map<String, List<Field>> fields = new LinkedHashMap<>();
        Lint.elements(source, "metadata-record").forEach(record -> {
            String view = bare(Lint.text(record, "parent-name"));
            fields.computeIfAbsent(view, name -> new java.util.ArrayList<>())
                    .add(new Field(
                            view,
                            Lint.text(record, "remote-name"),
                            Lint.typeOf(Lint.text(record, "remote-type")),
                            descriptions.getOrDefault(Lint.text(record, "local-name"), "")));
        });
        return fields;
    }

    private static Stream<Relationship> relationships(Element source) {
        Map<String, String> columns = new LinkedHashMap<>();
        Lint.elements(source, "map").forEach(map -> columns.put(map.getAttribute("key"), map.getAttribute("value")));
        return Lint.elements(source, "relationship").map(relationship -> {
            List<List<String>> sides = Lint.elements(relationship, "expression")
                    .filter(expression -> expression.getAttribute("op").equals("="))
                    .flatMap(Lint::children)
                    .map(side -> parts(columns.getOrDefault(side.getAttribute("op"), "")))
                    .toList();
            return new Relationship(
                    sides.get(0).getFirst(),
                    sides.get(1).getFirst(),
                    Lint.child(relationship, "second-end-point").hasAttribute("unique-key"),
                    sides.stream().map(List::getLast).distinct().toList());
        });
    }

    private static List<String> parts(String qualified) {
        return BRACKETED
                .matcher(qualified)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String bare(String bracketed) {
        return parts(bracketed).getFirst();
    }
}
