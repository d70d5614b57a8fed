package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * How analysts reach the warehouse.
 *
 * @param host of the database as analysts see it
 * @param queryLimit an analyst's query that runs longer is cancelled
 */
public record AnalystConfig(String host, int port, String database, String user, Duration queryLimit) {

    private static final Duration QUERY_LIMIT = Duration.ofMinutes(5);

    /** Analysts reach the database as the gateway does. */
    public static AnalystConfig beside(DatabaseConfig database) {
        return new AnalystConfig(database.host(), database.port(), database.name(), "tableau", QUERY_LIMIT);
    }

    static AnalystConfig read(Settings settings, DatabaseConfig database) {
        String host = settings.key("analyst.host", "The database's host as analysts see it, if not database.host.")
                .textOrNull();
        int port = settings.key("analyst.port", "Its port.").port(5432);
        String user = settings.key("analyst.user", "The login in the Tableau files, which hold no password.")
                .text("tableau");
        Duration queryLimit = settings.key("analyst.query-limit", "An analyst's query that runs longer is cancelled.")
                .duration("5m", "1s", "1d");
        return new AnalystConfig(
                host == null ? database.host() : host,
                host == null ? database.port() : port,
                database.name(),
                user,
                queryLimit);
    }
}
