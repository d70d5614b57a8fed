package com.deloton.gateway.config;

import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;

/**
 * The analysts' connection to the warehouse, and the limit of their queries.
 *
 * @param host of the database, as reached by analysts
 * @param user login in the Tableau files
 * @param queryLimit a longer query of an analyst is cancelled
 */
public record AnalystConfig(String host, int port, String database, SslMode sslMode, String user, Duration queryLimit) {

    /** The defaults: analysts reach the database as the gateway does. */
    public static AnalystConfig beside(DatabaseConfig database) {
        return read(Settings.empty(), database);
    }

    static AnalystConfig read(Settings settings, DatabaseConfig database) {
        String host = settings.key(
                        "analyst.host", "Host of the database as reached by analysts; default database.host.")
                .textOrNull();
        return new AnalystConfig(
                host == null ? database.host() : host,
                settings.key("analyst.port", "Port of the database as reached by analysts; default database.port.")
                        .integer(database.port(), 1, 65_535),
                settings.key("analyst.database", "Name of the database as reached by analysts; default database.name.")
                        .text(database.name()),
                settings.key(
                                "analyst.ssl-mode",
                                "TLS mode of Tableau's connection: encrypted unless disable or prefer; see docs/analysts.md.")
                        .oneOf(SslMode.class, database.sslMode(), "as database.ssl-mode"),
                settings.key("analyst.user", "Login in the Tableau files, which contain no password.")
                        .text("tableau"),
                settings.key("analyst.query-limit", "A longer query of an analyst is cancelled.")
                        .duration("5m", "1s", "1d"));
    }
}
