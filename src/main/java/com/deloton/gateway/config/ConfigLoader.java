package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.ConfigException;
import com.deloton.gateway.config.settings.KeyDescription;
import com.deloton.gateway.config.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads the configuration from YAML files and environment variables.
 *
 * <p>To add a section, write a record with a {@code static read(Settings)}, each component one
 * {@code settings.key("mail.host", "What it means.").text("localhost")}, and add the record to {@link GatewayConfig} and
 * its {@code read}. The variable's name, {@code _FILE}, the messages, the hints for misspelt keys and the table in
 * {@code docs/configuration.md} follow from that one line. {@link Settings#invalid} reports a problem that depends on several
 * settings.
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * The configuration of a process.
     *
     * @param yaml later files override earlier ones
     * @param env overrides files; variables without the prefix {@code DELOTON_} are ignored
     * @throws ConfigException with all problems
     */
    public static GatewayConfig load(List<Path> yaml, Map<String, String> env) {
        return load(yaml, env, new String[0]);
    }

    /** As {@link #load}, for commands that need only the database. */
    public static DatabaseConfig loadDatabase(List<Path> yaml, Map<String, String> env) {
        return load(yaml, env, "database").database();
    }

    /** As {@link #load}, for commands that need only some sections: settings of others may be missing, but not invalid. */
    public static GatewayConfig load(List<Path> yaml, Map<String, String> env, String... sections) {
        Settings settings = new Settings(yaml, env);
        GatewayConfig config = GatewayConfig.read(settings);
        settings.check(sections);
        return config;
    }

    /** As {@link #load}, for commands that need only the analysts' connection. */
    public static AnalystConfig loadAnalyst(List<Path> yaml, Map<String, String> env) {
        Settings settings = new Settings(yaml, env);
        AnalystConfig analyst = GatewayConfig.read(settings).analyst();
        if (analyst.host().isEmpty()) {
            settings.missing("analyst.host", "expected it or database.host");
        }
        settings.check("analyst");
        return analyst;
    }

    /** The keys that files and variables set, known or not. */
    public static Set<String> given(List<Path> yaml, Map<String, String> env) {
        Settings settings = new Settings(yaml, env);
        GatewayConfig.read(settings);
        return settings.given();
    }

    /** The name of a key's variable. */
    public static String variable(String key) {
        return Settings.variable(key);
    }

    /** All keys, section by section. */
    public static List<KeyDescription> describe() {
        Settings settings = new Settings(List.of(), Map.of());
        GatewayConfig.read(settings);
        return settings.known();
    }

    /** {@link #describe} as a Markdown table. */
    public static String table() {
        StringBuilder table =
                new StringBuilder("| Key | Variable | Value | Default | Meaning |\n|---|---|---|---|---|\n");
        for (KeyDescription key : describe()) {
            String defaultValue = key.mandatory() ? "**must be set**" : code(key.defaultValue());
            table.append("| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(key.key(), key.environmentName(), key.value(), defaultValue, key.meaning()));
        }
        return table.toString();
    }

    private static String code(@Nullable String text) {
        return text == null ? "" : '`' + text + '`';
    }
}
