package com.deloton.gateway.tableau;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.testing.AnalystWarehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class TableauFilesIT {
    private static final AnalystConfig WHERE = new AnalystConfig(
            "warehouse.example.com", 5433, "deloton", SslMode.VERIFY_FULL, "tableau", Duration.ofMinutes(5));

    private final TableauFiles files = new TableauFiles(WHERE);

    @Test
    void theFilesKeepToTableausSchema() throws Exception {
        Optional<TableauSchema> schema = TableauSchema.find();
        if (schema.isPresent()) {
            for (String name : TableauFiles.names()) {
                assertThat(schema.get().faults(file(name))).as(name).isEmpty();
            }
        }
    }

    @Test
    void theFilesKeepToOurLintAndFitTheDatabase() throws Exception {
        Map<String, Map<String, String>> live = AnalystWarehouse.shared().types();
        for (String name : TableauFiles.names()) {
            assertThat(Lint.faults(file(name), live)).as(name).isEmpty();
        }
    }

    @Test
    void lintAndSchemaFindWhatIsBrokenOnPurpose() throws Exception {
        Map<String, Map<String, String>> live = AnalystWarehouse.shared().types();
        Optional<TableauSchema> schema = TableauSchema.find();
        String workbook = new String(file(TableauFiles.WORKBOOK), UTF_8);
        List<String> missed = new ArrayList<>();
        int byLint = 0;
        for (Map.Entry<String, String[]> defect : DEFECTS.entrySet()) {
            String broken = workbook.replaceFirst(defect.getValue()[0], defect.getValue()[1]);
            assertThat(broken).as(defect.getKey() + " changes the file").isNotEqualTo(workbook);
            boolean found = !Lint.faults(broken.getBytes(UTF_8), live).isEmpty();
            byLint += found ? 1 : 0;
            if (!found
                    && schema.isPresent()
                    && schema.get().faults(broken.getBytes(UTF_8)).isEmpty()) {
                missed.add(defect.getKey());
            }
        }
        assertThat(missed).isEmpty();
        assertThat(byLint).as("defects that the lint finds by itself").isGreaterThanOrEqualTo(DEFECTS.size() - 4);
    }

    /** What is wrong: what is replaced, by what. */
    private static final Map<String, String[]> DEFECTS = new TreeMap<>(Map.ofEntries(
            defect("a column that the database has not", "<remote-name>energy_kj<", "<remote-name>energy_j<"),
            defect(
                    "a column mapped to another",
                    "value=\"\\[fact_ride]\\.\\[energy_kj]\"",
                    "value=\"[fact_ride].[readings]\""),
            defect("a type of another column", "<remote-type>135<", "<remote-type>7<"),
            defect("a field left out", "(?s)<map key=\"\\[status]\"[^>]*>", ""),
            defect("a record of another object", "<object-id>\\[dim_rider_", "<object-id>[dim_bike_"),
            defect(
                    "a view that is not there",
                    "table=\"\\[analytics]\\.\\[dim_bike]\"",
                    "table=\"[analytics].[dim_bikes]\""),
            defect("a connection that is not there", "<relation connection=\"postgres", "<relation connection=\"pg"),
            defect(
                    "a relationship to another object",
                    "<second-end-point object-id=\"dim_rider_",
                    "<second-end-point object-id=\"dim_x_"),
            defect(
                    "a relationship over other columns",
                    "op=\"\\[rider_key \\(dim_rider\\)]\"",
                    "op=\"[bike_key (dim_bike)]\""),
            defect(
                    "an object there twice",
                    "<object caption=\"dim_bike\" id=\"dim_bike_[0-9A-F]+\"",
                    "<object caption=\"dim_bike\" id=\"x\""),
            defect(
                    "a formula on a field that is not there",
                    "formula=\"COUNT\\(\\[ride_key]\\)\"",
                    "formula=\"COUNT([ride])\""),
            defect("a caption there twice", "caption=\"Power max\"", "caption=\"Power mean\""),
            defect(
                    "a folder of a hidden field",
                    "<folder-item name=\"\\[status]\"",
                    "<folder-item name=\"[age_band_no]\""),
            defect("a hierarchy of nothing", "<field>\\[quarter]</field>", "<field>[quarters]</field>"),
            defect("a field without description", "<run>Mean power, in W\\.</run>", "<run></run>"),
            defect("a measure without format", " default-format=\"n#,##0&quot; kJ&quot;\"", ""),
            defect(
                    "a shelf of an unknown field",
                    "<rows>\\[federated\\.[0-9a-f]+]\\.\\[avg:power_mean_w:qk]",
                    "<rows>[federated].[avg:power:qk]"),
            defect("an instance misnamed", "name=\"\\[avg:power_mean_w:qk]\"", "name=\"[sum:power_mean_w:qk]\""),
            defect(
                    "a colour of an unknown field",
                    "<color column=\"[^\"]*gender:nk]\"",
                    "<color column=\"[federated.x].[none:gender:nk]\""),
            defect(
                    "a zone of no sheet",
                    "<zone h=\"([0-9]+)\" id=\"([0-9]+)\" name=\"Alerts\"",
                    "<zone h=\"$1\" id=\"$2\" name=\"Alarms\""),
            defect("a zone there twice", "id=\"3\"", "id=\"2\""),
            defect("a filter of another sheet", "param=\"([^\"]*)none:direction:nk]\"", "param=\"$1none:gender:nk]\""),
            defect("a window missing", "(?s)<window class=\"worksheet\" name=\"Alerts\">.*?</window>", ""),
            defect("a window without cards", "(?s)<cards>.*?</cards>", "<cards/>"),
            defect("a viewpoint missing", "(?s)<viewpoint name=\"Alerts\">.*?</viewpoint>", ""),
            defect("an id there twice", "<simple-id uuid=\"\\{[0-9A-F-]+}\"", "<simple-id uuid=\"{0}\""),
            defect("a password", "username=\"tableau\"", "username=\"tableau\" password=\"x\""),
            defect("a comment", "<worksheets>", "<worksheets><!-- made by hand -->"),
            defect("elements in another order", "(?s)(<rows>.*?</rows>)(\\s*)(<cols>.*?</cols>)", "$3$2$1"),
            defect("a word that Tableau does not know", "<mark class=\"Square\"", "<mark class=\"Quadrat\""),
            defect("an element that Tableau does not know", "<style/>", "<styles/>"),
            defect(
                    "an attribute that is missing",
                    "<window class=\"worksheet\" name=",
                    "<window class=\"worksheet\" title=")));

    private static Map.Entry<String, String[]> defect(String what, String pattern, String replacement) {
        return Map.entry(what, new String[] {pattern, replacement});
    }

    @Test
    void theSqlOfEachSheetRunsAsAnAnalyst() throws Exception {
        Map<String, String> sheets = WorksheetSql.of(file(TableauFiles.WORKBOOK));

        assertThat(sheets).hasSize(8);
        for (Map.Entry<String, String> sheet : sheets.entrySet()) {
            assertThat(AnalystWarehouse.shared().rows(sheet.getValue()))
                    .as(sheet.getKey() + "\n" + sheet.getValue())
                    .isNotEmpty();
        }
    }

    @Test
    void descriptionsAreTheCommentsOfTheDatabase() throws Exception {
        List<String> live = new ArrayList<>();
        for (List<String> row : AnalystWarehouse.shared().rows("""
                SELECT c.relname, a.attname, t.typname, col_description(c.oid, a.attnum)
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE c.relnamespace = 'analytics'::regnamespace""")) {
            live.add(String.join("\t", row));
        }
        AnalystModel model = AnalystModel.read();
        List<String> declared = live.stream()
                .map(line -> line.split("\t", 2)[0])
                .distinct()
                .flatMap(view -> model.fieldsOf(view).stream())
                .map(field -> String.join("\t", field.view(), field.column(), field.type(), field.description()))
                .toList();

        assertThat(declared).as("fields of src/main/resources/tableau/*.tds").containsExactlyInAnyOrderElementsOf(live);
    }

    @Test
    void theWorkbookEmbedsTheDataSourceOfRides() {
        Element alone = TableauFiles.template(TableauFiles.RIDES).getDocumentElement();
        Element embedded = Lint.child(
                Lint.child(TableauFiles.template(TableauFiles.WORKBOOK).getDocumentElement(), "datasources"),
                "datasource");

        assertThat(Lint.children(embedded).map(Lint::canonical))
                .containsExactlyElementsOf(Lint.children(alone)
                        .filter(child -> !child.getTagName().equals("document-format-change-manifest"))
                        .map(Lint::canonical)
                        .toList());
        assertThat(embedded.getAttribute("name")).isEqualTo(alone.getAttribute("formatted-name"));
    }

    @Test
    void onlyTheConnectionDiffersFromTheCommittedFile() throws Exception {
        AnalystConfig committed = new AnalystConfig(
                "warehouse.example.com", 5432, "deloton", SslMode.REQUIRE, "tableau", Duration.ofMinutes(5));
        for (String name : TableauFiles.names()) {
            Element filled = Xml.parse(new TableauFiles(committed).file(name).orElseThrow())
                    .getDocumentElement();
            assertThat(filled.isEqualNode(TableauFiles.template(name).getDocumentElement()))
                    .as(name)
                    .isTrue();
            assertThat(connection(new TableauFiles(committed).file(name).orElseThrow())
                            .isEqualNode(connection(file(name))))
                    .as(name)
                    .isFalse();
        }
    }

    @Test
    void theConnectionIsThatOfTheDeployment() throws Exception {
        for (String name : TableauFiles.names()) {
            Element connection = connection(file(name));
            assertThat(connection.getAttribute("server")).isEqualTo("warehouse.example.com");
            assertThat(connection.getAttribute("port")).isEqualTo("5433");
            assertThat(connection.getAttribute("dbname")).isEqualTo("deloton");
            assertThat(connection.getAttribute("username")).isEqualTo("tableau");
            assertThat(connection.getAttribute("sslmode")).isEqualTo("require");
        }
    }

    @Test
    void namesThatLookLikeXmlAreEscaped() throws Exception {
        String hostile = "a\"><connection password='x'/>&amp;<!-- ]]>";
        AnalystConfig where =
                new AnalystConfig(hostile, 5432, hostile, SslMode.DISABLE, hostile, Duration.ofMinutes(5));
        for (String name : TableauFiles.names()) {
            byte[] bytes = new TableauFiles(where).file(name).orElseThrow();
            assertThat(connection(bytes).getAttribute("server")).isEqualTo(hostile);
            assertThat(connection(bytes).getAttribute("username")).isEqualTo(hostile);
            assertThat(Lint.faults(bytes, AnalystWarehouse.shared().types())).isEmpty();
        }
    }

    @Test
    void theSameDeploymentGivesTheSameBytes() {
        for (String name : TableauFiles.names()) {
            assertThat(new TableauFiles(WHERE).file(name).orElseThrow()).isEqualTo(file(name));
        }
        assertThat(files.file("other.tds")).isEmpty();
    }

    private byte[] file(String name) {
        return files.file(name).orElseThrow();
    }

    private static Element connection(byte[] file) throws Exception {
        return Lint.elements(Xml.parse(file).getDocumentElement(), "connection")
                .filter(connection -> connection.getAttribute("class").equals("postgres"))
                .findFirst()
                .orElseThrow();
    }
}
