package com.deloton.gateway.config;

import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * How analysts reach the warehouse, and how long their queries may run.
 *
 * @param host of the database as analysts see it
 * @param user the login that the Tableau files name
 * @param queryLimit an analyst's query that runs longer is cancelled
 */
public record AnalystConfig(String host, int port, String database, SslMode sslMode, String user, Duration queryLimit) {

    private static final String USER = "tableau";
    private static final Duration QUERY_LIMIT = Duration.ofMinutes(5);

    /** Analysts reach the database as the gateway does. */
    public static AnalystConfig beside(DatabaseConfig database) {
        return new AnalystConfig(
                database.host(), database.port(), database.name(), database.sslMode(), USER, QUERY_LIMIT);
    }

    static AnalystConfig read(Settings settings, DatabaseConfig database) {
        String host = settings.key("analyst.host", "The database's host as analysts see it, if not database.host.")
                .textOrNull();
        return new AnalystConfig(
                host == null ? database.host() : host,
                settings.key("analyst.port", "Its port as analysts see it; database.port unless given.")
                        .integer(database.port(), 1, 65_535),
                settings.key("analyst.database", "Its name as analysts see it; database.name unless given.")
                        .text(database.name()),
                settings.key(
                                "analyst.ssl-mode",
                                "How Tableau connects: encrypted unless disable or prefer; docs/analysts.md has more.")
                        .oneOf(SslMode.class, database.sslMode(), "as database.ssl-mode"),
                settings.key("analyst.user", "The login in the Tableau files, which hold no password.")
                        .text(USER),
                settings.key("analyst.query-limit", "An analyst's query that runs longer is cancelled.")
                        .duration("5m", "1s", "1d"));
    }
}
