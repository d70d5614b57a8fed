package com.deloton.gateway.tableau;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.tableau.DataSourceModel.Calculation;
import com.deloton.gateway.tableau.DataSourceModel.Relationship;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A {@link DataSourceModel} as the element {@code datasource} of format 18.1, for a file of its own or inside a workbook. */
final class DataSource {
    static final String VERSION = "18.1";
    private static final String SCHEMA = "analytics";
    private static final List<String> MANIFEST = List.of(
            "AnimationOnByDefault",
            "ISO8601DefaultCalendarPref",
            "MarkAnimation",
            "ObjectModelEncapsulateLegacy",
            "ObjectModelTableType",
            "SchemaViewerObjectModel",
            "SheetIdentifierTracking",
            "WindowsPersistSimpleIdentifiers");

    private final DataSourceModel source;
    private final AnalystConfig where;

    DataSource(DataSourceModel source, AnalystConfig where) {
        this.source = source;
        this.where = where;
    }

    /** The name by which sheets refer to it. */
    String name() {
        return "federated." + id(source.name(), 28);
    }

    DataSourceModel source() {
        return source;
    }

    byte[] file() {
        Xml root = Xml.root("datasource")
                .declareUser()
                .with("formatted-name", name(), "inline", "true", "source-platform", "win", "version", VERSION);
        manifest(root);
        fill(root);
        return root.bytes();
    }

    void addTo(Xml datasources) {
        fill(datasources
                .add("datasource")
                .with("caption", source.caption(), "inline", "true", "name", name(), "version", VERSION));
    }

    /** The names of the format's features that the document uses. */
    static void manifest(Xml root) {
        Xml manifest = root.add("document-format-change-manifest");
        MANIFEST.forEach(manifest::add);
    }

    /** The definition of a field or calculation by its local name. */
    void addColumn(Xml parent, String local) {
        for (Field field : source.fields()) {
            if (source.local(field).equals(local)) {
                column(parent, field);
                return;
            }
        }
        column(
                parent,
                source.calculations().stream()
                        .filter(calculation -> calculation.name().equals(local))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no field " + local)));
    }

    private void fill(Xml datasource) {
        connection(datasource.add("connection").with("class", "federated"));
        datasource.add("aliases").with("enabled", "yes");
        source.calculations().forEach(calculation -> column(datasource, calculation));
        source.fields().forEach(field -> column(datasource, field));
        Xml paths = datasource.add("drill-paths");
        source.hierarchies().forEach((name, fields) -> {
            Xml path = paths.add("drill-path").with("name", name);
            fields.forEach(field -> path.add("field").text(bracketed(field)));
        });
        folders(datasource.add("folders-common"));
        datasource
                .add("layout")
                .with("dim-ordering", "alphabetic", "measure-ordering", "alphabetic", "show-structure", "true");
        objectGraph(datasource.add("object-graph"));
    }

    private void connection(Xml connection) {
        connection
                .add("named-connections")
                .add("named-connection")
                .with("caption", where.host(), "name", connectionName())
                .add("connection")
                .with(
                        "authentication",
                        "username-password",
                        "class",
                        "postgres",
                        "dbname",
                        where.database(),
                        "one-time-sql",
                        "",
                        "port",
                        Integer.toString(where.port()),
                        "schema",
                        SCHEMA,
                        "server",
                        where.host(),
                        "sslmode",
                        encrypted() ? "require" : "",
                        "username",
                        where.user(),
                        "workgroup-auth-mode",
                        "prompt");
        Xml collection = connection.add("relation").with("type", "collection");
        source.views().forEach(view -> relation(collection, view));
        Xml columns = connection.add("cols");
        for (Field field : source.fields()) {
            columns.add("map")
                    .with(
                            "key",
                            bracketed(source.local(field)),
                            "value",
                            "[" + field.view() + "].[" + field.column() + "]");
        }
        Xml records = connection.add("metadata-records");
        int ordinal = 0;
        for (Field field : source.fields()) {
            record(records.add("metadata-record").with("class", "column"), field, ++ordinal);
        }
    }

    private boolean encrypted() {
        return where.sslMode() != SslMode.DISABLE && where.sslMode() != SslMode.PREFER;
    }

    private void relation(Xml parent, String view) {
        parent.add("relation")
                .with("connection", connectionName(), "name", view)
                .with("table", "[" + SCHEMA + "].[" + view + "]", "type", "table");
    }

    private void record(Xml record, Field field, int ordinal) {
        record.add("remote-name").text(field.column());
        record.add("remote-type").text(field.remoteType());
        record.add("local-name").text(bracketed(source.local(field)));
        record.add("parent-name").text(bracketed(field.view()));
        record.add("remote-alias").text(field.column());
        record.add("ordinal").text(Integer.toString(ordinal));
        record.add("local-type").text(field.dataType());
        record.add("aggregation").text(field.aggregation());
        record.add("contains-null").text("true");
        record.add("object-id").text(bracketed(objectId(field.view())));
    }

    private void column(Xml parent, Field field) {
        Xml column = parent.add("column")
                .with(
                        "caption", field.caption(),
                        "datatype", field.dataType(),
                        "name", bracketed(source.local(field)),
                        "role", field.role(),
                        "type", field.scale());
        if (!field.format().isEmpty()) {
            column.with("default-format", field.format());
        }
        if (field.kind().measure()) {
            column.with("aggregation", field.aggregation());
        } else if (field.kind() == Field.Kind.HIDDEN) {
            column.with("hidden", "true");
        }
        describe(column, field.description());
    }

    private static void column(Xml parent, Calculation calculation) {
        Xml column = parent.add("column")
                .with(
                        "caption", calculation.caption(),
                        "datatype", calculation.dataType(),
                        "default-format", calculation.format(),
                        "name", bracketed(calculation.name()),
                        "role", "measure",
                        "type", "quantitative");
        column.add("calculation").with("class", "tableau", "formula", calculation.formula());
        describe(column, calculation.description());
    }

    private static void describe(Xml column, String description) {
        column.add("desc").add("formatted-text").add("run").text(description);
    }

    private void folders(Xml parent) {
        Map<String, Set<String>> folders = new LinkedHashMap<>();
        source.calculations()
                .forEach(calculation -> folders.computeIfAbsent(calculation.folder(), k -> new LinkedHashSet<>())
                        .add(calculation.name()));
        source.fields().stream()
                .filter(field -> field.kind() != Field.Kind.HIDDEN)
                .forEach(field -> folders.computeIfAbsent(field.folder(), k -> new LinkedHashSet<>())
                        .add(source.local(field)));
        folders.forEach((name, fields) -> {
            Xml folder = parent.add("folder").with("name", name);
            fields.forEach(field -> folder.add("folder-item").with("name", bracketed(field), "type", "field"));
        });
    }

    private void objectGraph(Xml graph) {
        Xml objects = graph.add("objects");
        for (String view : source.views()) {
            relation(
                    objects.add("object")
                            .with("caption", view, "id", objectId(view))
                            .add("properties")
                            .with("context", ""),
                    view);
        }
        Xml relationships = graph.add("relationships");
        source.relationships().forEach(relationship -> relationship(relationships.add("relationship"), relationship));
    }

    private void relationship(Xml parent, Relationship relationship) {
        Xml all = relationship.columns().size() == 1
                ? parent
                : parent.add("expression").with("op", "AND");
        for (String column : relationship.columns()) {
            Xml equal = all.add("expression").with("op", "=");
            equal.add("expression").with("op", bracketed(source.local(relationship.from(), column)));
            equal.add("expression").with("op", bracketed(source.local(relationship.to(), column)));
        }
        Xml first = parent.add("first-end-point").with("object-id", objectId(relationship.from()));
        Xml second = parent.add("second-end-point").with("object-id", objectId(relationship.to()));
        (relationship.unique() ? second : first).with("unique-key", "true");
    }

    private String connectionName() {
        return "postgres." + id(source.name() + " connection", 28);
    }

    private static String objectId(String view) {
        return view + "_" + id(view, 32).toUpperCase(java.util.Locale.ROOT);
    }

    static String bracketed(String name) {
        return "[" + name + "]";
    }

    /** The same for the same text, always. */
    private static String id(String text, int length) {
        return java.util
                .UUID
                .nameUUIDFromBytes(("deloton " + text).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString()
                .replace("-", "")
                .substring(0, length);
    }
}
