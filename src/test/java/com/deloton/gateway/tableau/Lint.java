package com.deloton.gateway.tableau;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What a Tableau file must keep to beyond its schema, or Tableau shows an error or binds fields to the wrong columns. */
final class Lint {
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]+)]");
    private static final Pattern QUALIFIED = Pattern.compile("\\[([^\\]]+)]\\.\\[([^\\]]+)]");
    private static final Map<String, String> CODES = Map.of(
            "None", "none", "Sum", "sum", "Avg", "avg", "Min", "min", "Max", "max", "User", "usr", "Day-Trunc", "tdy");
    private static final Map<String, String> SUFFIXES = Map.of("nominal", "nk", "ordinal", "ok", "quantitative", "qk");
    private static final Map<String, String> REMOTE = Map.of(
            "int4",
            "3",
            "int8",
            "20",
            "float4",
            "4",
            "float8",
            "5",
            "text",
            "129",
            "date",
            "7",
            "timestamp",
            "135",
            "bool",
            "11");

    private final List<String> faults = new ArrayList<>();
    private final Document document;
    private final Map<String, Map<String, String>> live;

    private Lint(Document document, Map<String, Map<String, String>> live) {
        this.document = document;
        this.live = live;
    }

    /** PostgreSQL's type of a number in a metadata record. */
    static String typeOf(String remoteType) {
        return REMOTE.entrySet().stream()
                .filter(type -> type.getValue().equals(remoteType))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no type " + remoteType))
                .getKey();
    }

    /** @param live the types of the views' columns in a database, by view and column */
    static List<String> faults(byte[] file, Map<String, Map<String, String>> live) throws Exception {
        Lint lint = new Lint(Xml.parse(file), live);
        lint.secrets();
        Element root = lint.document.getDocumentElement();
        if (root.getTagName().equals("datasource")) {
            lint.dataSource(root);
        } else {
            lint.workbook(root);
        }
        return lint.faults;
    }

    private void secrets() {
        all(document.getDocumentElement()).forEach(element -> {
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                String name = element.getAttributes().item(i).getNodeName();
                check(
                        !name.toLowerCase(java.util.Locale.ROOT).contains("password") && !name.equals("xml:base"),
                        "attribute " + name);
            }
            for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
                check(n.getNodeType() != Node.COMMENT_NODE, "a comment");
            }
        });
    }

    private void dataSource(Element source) {
        Set<String> connections = unique(elements(source, "named-connection"), "name", "connection");
        Element connection = child(source, "connection");
        Set<String> views = new LinkedHashSet<>();
        elements(source, "relation").filter(r -> r.hasAttribute("table")).forEach(relation -> {
            String view = relation.getAttribute("name");
            views.add(view);
            check(connections.contains(relation.getAttribute("connection")), "relation " + view + " has no connection");
            check(relation.getAttribute("table").equals("[analytics].[" + view + "]"), "table of relation " + view);
            check(live.containsKey(view), "no view " + view + " in the database");
        });
        Map<String, String> columns = new HashMap<>();
        elements(connection, "map")
                .forEach(map -> check(
                        columns.put(map.getAttribute("key"), map.getAttribute("value")) == null,
                        "column " + map.getAttribute("key") + " twice"));
        Map<String, String> objects = objects(source, views);
        records(connection, columns, objects);
        live.forEach((view, types) -> types.keySet().stream()
                .filter(column -> views.contains(view) && !columns.containsValue("[" + view + "].[" + column + "]"))
                .forEach(column -> fault("column " + view + "." + column + " of the database is not mapped")));
        relationships(source, columns, objects);
        fields(source, columns);
    }

    private Map<String, String> objects(Element source, Set<String> views) {
        Map<String, String> objects = new HashMap<>();
        elements(source, "object").forEach(object -> {
            String view = child(child(object, "properties"), "relation").getAttribute("name");
            check(
                    objects.put(object.getAttribute("id"), view) == null,
                    "object " + object.getAttribute("id") + " twice");
        });
        check(
                objects.size() == views.size() && new HashSet<>(objects.values()).equals(views),
                "objects are not the views");
        return objects;
    }

    private void records(Element connection, Map<String, String> columns, Map<String, String> objects) {
        Set<String> recorded = new HashSet<>();
        elements(connection, "metadata-record").forEach(record -> {
            String local = text(record, "local-name");
            String view = bare(text(record, "parent-name"));
            String column = text(record, "remote-name");
            recorded.add(local);
            check(
                    ("[" + view + "].[" + column + "]").equals(columns.get(local)),
                    "record " + local + " is mapped otherwise");
            check(
                    view.equals(objects.get(bare(text(record, "object-id")))),
                    "record " + local + " is of another object");
            String type = live.getOrDefault(view, Map.of()).get(column);
            check(type != null, "record " + local + " has no column in the database");
            check(
                    text(record, "remote-type").equals(REMOTE.get(String.valueOf(type))),
                    "record " + local + " is no " + type);
        });
        check(recorded.equals(columns.keySet()), "records are not the mapped columns");
    }

    private void relationships(Element source, Map<String, String> columns, Map<String, String> objects) {
        Set<String> reached = new HashSet<>();
        elements(source, "relationship").forEach(relationship -> {
            String first = objects.get(child(relationship, "first-end-point").getAttribute("object-id"));
            String second = objects.get(child(relationship, "second-end-point").getAttribute("object-id"));
            check(first != null && second != null, "a relationship ends nowhere");
            reached.add(String.valueOf(first));
            reached.add(String.valueOf(second));
            elements(relationship, "expression")
                    .filter(e -> e.getAttribute("op").equals("="))
                    .forEach(equal -> {
                        List<String> sides = children(equal)
                                .map(side -> columns.getOrDefault(side.getAttribute("op"), "[?].[?]"))
                                .toList();
                        check(
                                sides.size() == 2
                                        && sides.getFirst().startsWith("[" + first + "]")
                                        && sides.getLast().startsWith("[" + second + "]"),
                                "a relationship joins " + sides);
                        check(
                                sides.size() == 2 && type(sides.getFirst()).equals(type(sides.getLast())),
                                "a relationship joins different types " + sides);
                    });
        });
        check(reached.equals(new HashSet<>(objects.values())), "relationships do not reach every object");
    }

    private String type(String column) {
        List<String> parts =
                BRACKETED.matcher(column).results().map(r -> r.group(1)).toList();
        return String.valueOf(live.getOrDefault(parts.getFirst(), Map.of()).get(parts.getLast()));
    }

    private void fields(Element source, Map<String, String> columns) {
        List<Element> fields =
                children(source).filter(e -> e.getTagName().equals("column")).toList();
        Set<String> names = unique(fields.stream(), "name", "field");
        unique(fields.stream(), "caption", "caption");
        check(names.containsAll(columns.keySet()), "mapped columns without a field");
        Set<String> visible = new HashSet<>();
        for (Element field : fields) {
            String name = field.getAttribute("name");
            List<Element> calculation = elements(field, "calculation").toList();
            check(calculation.isEmpty() == columns.containsKey(name), "field " + name + " has no column");
            calculation.forEach(formula -> bracketed(formula.getAttribute("formula"))
                    .forEach(used -> check(names.contains(used), "formula of " + name + " uses " + used)));
            check(!field.getTextContent().isBlank(), "field " + name + " is not described");
            boolean measure = field.getAttribute("role").equals("measure");
            check(measure == field.getAttribute("type").equals("quantitative"), "field " + name + " is half a measure");
            check(!measure || field.hasAttribute("default-format"), "measure " + name + " has no format");
            if (!field.getAttribute("hidden").equals("true")) {
                visible.add(name);
            }
        }
        List<String> foldered = elements(source, "folder-item")
                .map(item -> item.getAttribute("name"))
                .toList();
        check(
                new HashSet<>(foldered).equals(visible) && foldered.size() == visible.size(),
                "folders are not the visible fields");
        elements(source, "drill-path")
                .forEach(path -> children(path)
                        .forEach(field -> check(
                                visible.contains(field.getTextContent()), "hierarchy of " + field.getTextContent())));
    }

    private void workbook(Element workbook) {
        Map<String, Element> sources = new HashMap<>();
        children(child(workbook, "datasources")).forEach(source -> {
            sources.put(source.getAttribute("name"), source);
            dataSource(source);
        });
        List<Element> sheets = children(child(workbook, "worksheets")).toList();
        Set<String> names = unique(sheets.stream(), "name", "sheet");
        Map<String, Set<String>> filters = new HashMap<>();
        sheets.forEach(sheet -> filters.put(sheet.getAttribute("name"), sheet(sheet, sources)));
        Set<String> windows = unique(children(child(workbook, "windows")), "name", "window");
        Set<String> wanted = new TreeSet<>(names);
        children(child(workbook, "dashboards")).forEach(dashboard -> {
            wanted.add(dashboard.getAttribute("name"));
            dashboard(dashboard, workbook, names, filters);
        });
        check(windows.equals(wanted), "windows are not the sheets and dashboards");
        children(child(workbook, "windows"))
                .filter(w -> w.getAttribute("class").equals("worksheet"))
                .forEach(window -> {
                    check(
                            elements(window, "card").findAny().isPresent(),
                            "window " + window.getAttribute("name") + " has no cards");
                    check(
                            elements(window, "viewpoint").count() == 1,
                            "window " + window.getAttribute("name") + " has no viewpoint");
                });
        unique(elements(workbook, "simple-id"), "uuid", "id");
    }

    private void dashboard(Element dashboard, Element workbook, Set<String> sheets, Map<String, Set<String>> filters) {
        unique(elements(dashboard, "zone"), "id", "zone");
        Set<String> shown = new HashSet<>();
        elements(dashboard, "zone").filter(zone -> zone.hasAttribute("name")).forEach(zone -> {
            String name = zone.getAttribute("name");
            check(sheets.contains(name), "zone of no sheet " + name);
            if (zone.hasAttribute("param")) {
                check(
                        filters.getOrDefault(name, Set.of()).contains(zone.getAttribute("param")),
                        "zone of no filter " + zone.getAttribute("param"));
            } else {
                check(shown.add(name), "sheet " + name + " is shown twice");
            }
        });
        check(shown.equals(sheets), "the dashboard does not show every sheet");
        Set<String> viewpoints = elements(workbook, "window")
                .filter(window -> window.getAttribute("name").equals(dashboard.getAttribute("name")))
                .flatMap(window -> elements(window, "viewpoint"))
                .map(viewpoint -> viewpoint.getAttribute("name"))
                .collect(Collectors.toSet());
        check(viewpoints.equals(shown), "viewpoints are not the zones");
    }

    /** The columns that it filters by. */
    private Set<String> sheet(Element sheet, Map<String, Element> sources) {
        String name = sheet.getAttribute("name");
        Element dependencies =
                elements(sheet, "datasource-dependencies").findFirst().orElseThrow();
        String source = dependencies.getAttribute("datasource");
        check(sources.containsKey(source), name + " uses no source " + source);
        Map<String, Element> known = children(sources.getOrDefault(source, dependencies))
                .filter(e -> e.getTagName().equals("column"))
                .collect(Collectors.toMap(e -> e.getAttribute("name"), e -> e, (a, b) -> a));
        Set<String> columns = new HashSet<>();
        Set<String> instances = new HashSet<>(Set.of("[:Measure Names]", "[Multiple Values]"));
        children(dependencies).filter(e -> e.getTagName().equals("column")).forEach(column -> {
            columns.add(column.getAttribute("name"));
            Element original = known.get(column.getAttribute("name"));
            check(
                    original != null && canonical(original).equals(canonical(column)),
                    name + " copies " + column.getAttribute("name") + " wrongly");
            elements(column, "calculation")
                    .forEach(calculation -> bracketed(calculation.getAttribute("formula"))
                            .forEach(used -> check(
                                    children(dependencies)
                                            .anyMatch(
                                                    e -> e.getAttribute("name").equals(used)),
                                    name + " lacks " + used)));
        });
        children(dependencies)
                .filter(e -> e.getTagName().equals("column-instance"))
                .forEach(instance -> {
                    String column = instance.getAttribute("column");
                    check(columns.contains(column), name + " lacks the column of " + instance.getAttribute("name"));
                    check(
                            instance.getAttribute("name")
                                    .equals("[%s:%s:%s]"
                                            .formatted(
                                                    CODES.get(instance.getAttribute("derivation")),
                                                    bare(column),
                                                    SUFFIXES.get(instance.getAttribute("type")))),
                            name + " misnames " + instance.getAttribute("name"));
                    check(
                            instances.add(instance.getAttribute("name")),
                            name + " has twice " + instance.getAttribute("name"));
                });
        Consumer<String> used = text -> {
            List<MatchResult> found = QUALIFIED.matcher(text).results().toList();
            check(!found.isEmpty(), name + " has an unqualified field " + text);
            found.forEach(q -> check(
                    q.group(1).equals(source) && instances.contains("[" + q.group(2) + "]"),
                    name + " uses an unknown " + q.group()));
        };
        Element table = child(sheet, "table");
        used.accept(text(table, "rows"));
        used.accept(text(table, "cols"));
        Set<String> filtered = new HashSet<>();
        elements(table, "filter").forEach(filter -> filtered.add(filter.getAttribute("column")));
        Set<String> sliced = elements(table, "slices")
                .flatMap(Lint::children)
                .map(Node::getTextContent)
                .collect(Collectors.toSet());
        check(filtered.containsAll(sliced), name + " slices by what it does not filter");
        Stream.of(
                        filtered.stream(),
                        elements(table, "encodings").flatMap(Lint::children).map(e -> e.getAttribute("column")),
                        elements(table, "computed-sort")
                                .flatMap(e -> Stream.of(e.getAttribute("column"), e.getAttribute("using"))),
                        elements(table, "shelf-sort-v2")
                                .flatMap(e -> Stream.of(
                                        e.getAttribute("dimension-to-sort"), e.getAttribute("measure-to-sort-by"))))
                .flatMap(s -> s)
                .forEach(used);
        elements(table, "groupfilter")
                .filter(e -> e.hasAttribute("level"))
                .forEach(filter -> check(
                        instances.contains(filter.getAttribute("level")),
                        name + " filters by " + filter.getAttribute("level")));
        elements(table, "groupfilter")
                .filter(e -> e.hasAttribute("expression"))
                .forEach(filter -> bracketed(filter.getAttribute("expression"))
                        .forEach(field -> check(known.containsKey(field), name + " orders by " + field)));
        elements(table, "groupfilter")
                .filter(e -> e.hasAttribute("member"))
                .forEach(e -> used.accept(e.getAttribute("member")));
        return filtered;
    }

    private Set<String> unique(Stream<Element> elements, String attribute, String what) {
        Set<String> seen = new HashSet<>();
        elements.forEach(e -> {
            String value = e.getAttribute(attribute);
            check(!value.isEmpty() && seen.add(value), what + " '" + value + "' is empty or there twice");
        });
        return seen;
    }

    private void check(boolean right, String problem) {
        if (!right) {
            fault(problem);
        }
    }

    private void fault(String problem) {
        faults.add(problem);
    }

    private static Stream<String> bracketed(String formula) {
        return BRACKETED.matcher(formula).results().map(MatchResult::group);
    }

    private static String bare(String bracketed) {
        return bracketed.replaceAll("^\\[|]$", "");
    }

    static Stream<Element> all(Element parent) {
        return Stream.concat(Stream.of(parent), elements(parent, "*"));
    }

    static Stream<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements.stream();
    }

    static Stream<Element> children(Element parent) {
        List<Element> elements = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element) {
                elements.add(element);
            }
        }
        return elements.stream();
    }

    static Element child(Element parent, String name) {
        return children(parent)
                .filter(e -> e.getTagName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(parent.getTagName() + " has no " + name));
    }

    static String text(Element parent, String name) {
        return child(parent, name).getTextContent();
    }

    /** Without the white space between elements. */
    static String canonical(Element element) {
        StringBuilder text = new StringBuilder(element.getTagName());
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            text.append(' ').append(element.getAttributes().item(i));
        }
        List<Element> below = children(element).toList();
        text.append('(').append(below.isEmpty() ? element.getTextContent() : "");
        below.forEach(child -> text.append(canonical(child)));
        return text.append(')').toString();
    }
}
