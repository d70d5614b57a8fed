package com.deloton.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationTableTest {
    private static final String BEGIN = "<!-- configuration: begin -->\n";
    private static final String END = "<!-- configuration: end -->";

    @Test
    void theDocumentationNamesEveryKey() throws IOException {
        Path proposal = Path.of("target/configuration-table.md");
        Files.createDirectories(Path.of("target"));
        Files.writeString(proposal, ConfigLoader.table());

        assertThat(between(Files.readString(Path.of("docs/configuration.md"))))
                .as("copy the table of " + proposal + " into docs/configuration.md")
                .isEqualTo(ConfigLoader.table());
    }

    private static String between(String text) {
        return text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END));
    }
}
