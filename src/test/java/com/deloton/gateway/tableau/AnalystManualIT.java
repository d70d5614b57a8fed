package com.deloton.gateway.tableau;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.AnalystWarehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/analysts.md} agrees with the data sources, the database and the code. */
class AnalystManualIT {
    private static final Path MANUAL = Path.of("docs/analysts.md");
    private static final Path PICTURE = Path.of("docs/analysts-model.svg");
    private static final String BEGIN = "<!-- views: begin -->\n";
    private static final String END = "<!-- views: end -->";

    @Test
    void thePictureIsTheModel() throws IOException {
        assertThat(Files.readString(PICTURE))
                .as("copy " + proposal("analysts-model.svg", ModelPicture.draw()))
                .isEqualTo(ModelPicture.draw());
    }

    @Test
    void everyColumnIsListed() throws Exception {
        StringBuilder tables = new StringBuilder();
        for (List<String> view : AnalystWarehouse.shared().rows("""
                SELECT relname, obj_description(oid, 'pg_class') FROM pg_class
                WHERE relnamespace = 'analytics'::regnamespace AND relkind = 'v'
                ORDER BY relname LIKE 'dim%', relname""")) {
            tables.append("\n### %s\n%s\n\n| column | type | meaning |\n|---|---|---|\n"
                    .formatted(view.getFirst(), view.getLast()));
            AnalystModel.read()
                    .fieldsOf(view.getFirst())
                    .forEach(field -> tables.append(
                            "| `%s` | %s | %s |\n".formatted(field.column(), field.type(), field.description())));
        }
        String manual = Files.readString(MANUAL);

        assertThat(manual.substring(manual.indexOf(BEGIN) + BEGIN.length(), manual.indexOf(END)))
                .as("copy " + proposal("analysts-views.md", tables.toString()) + " between the marks")
                .isEqualTo(tables.toString());
    }

    @Test
    void theExamplesRunAsAnAnalyst() throws Exception {
        List<String> examples = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(MANUAL))
                .results()
                .map(found -> found.group(1))
                .flatMap(block -> Pattern.compile(";").splitAsStream(block))
                .filter(sql -> sql.contains("SELECT"))
                .toList();

        assertThat(examples).hasSizeGreaterThan(5);
        for (String sql : examples) {
            assertThat(AnalystWarehouse.shared().rows(sql)).as(sql).isNotEmpty();
        }
    }

    @Test
    void whatItCallsSettingsAndFilesExists() throws IOException {
        String manual = Files.readString(MANUAL);
        List<String> files = Pattern.compile("`(deloton[a-z-]*\\.t[a-z]+)`")
                .matcher(manual)
                .results()
                .map((MatchResult found) -> found.group(1))
                .distinct()
                .toList();

        assertThat(TableauFiles.names()).containsAll(files).hasSameSizeAs(files);
    }

    private static Path proposal(String name, String text) throws IOException {
        Path file = Path.of("target", name);
        Files.createDirectories(Path.of("target"));
        return Files.writeString(file, text);
    }
}
