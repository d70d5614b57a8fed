package com.deloton.gateway.local;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The addresses of all servers, as a banner and as JSON. Contains the passwords of this machine's servers. */
record LocalStatus(LocalServers servers, int httpPort, int managementPort, int bikes, boolean story, long pid) {

    /** The name of the file with {@link #json} in the data directory. */
    static final String FILE = "local.json";

    /** The dashboard's address in a status file, if the process with that number wrote it. */
    static Optional<String> dashboardOf(Path file, String pid) {
        try {
            JsonObject status = new JsonObject(Files.readString(file));
            return pid.equals(String.valueOf(status.getValue("pid")))
                    ? Optional.ofNullable(status.getString("dashboard"))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    String dashboard() {
        return "http://localhost:" + httpPort;
    }

    private String management() {
        return "http://localhost:" + managementPort;
    }

    String banner() {
        LocalPostgres postgres = servers.postgres();
        LocalMail mail = servers.mail();
        return """

                Deloton gateway is running (process %d). Ctrl-C or `kill %d` stops it; its data stay in %s
                  Dashboard   %s
                  API         %s/docs
                  Mailbox     %s/mail
                  Health      %s/health/ready
                  Metrics     %s/metrics
                  PostgreSQL  %s
                  Kafka       %s, topic %s
                  SMTP        %s:%d, accepts any mail and forwards none
                  IMAP        %s:%d, user %s, password %s
                  Bikes       %s
                """.formatted(
                        pid,
                        pid,
                        servers.options().data(),
                        dashboard(),
                        dashboard(),
                        dashboard(),
                        management(),
                        management(),
                        postgres.url(),
                        servers.kafka().bootstrap(),
                        servers.options().topic(),
                        mail.host(),
                        mail.smtpPort(),
                        mail.host(),
                        mail.imapPort(),
                        LocalMail.USER,
                        LocalMail.PASSWORD,
                        bikesLine());
    }

    private String bikesLine() {
        if (story) {
            return "six with a script of two minutes; tour at " + dashboard() + "/#/story";
        }
        return bikes == 0 ? "none simulated" : bikes + " simulated";
    }

    String json() {
        LocalPostgres postgres = servers.postgres();
        LocalMail mail = servers.mail();
        return new JsonObject()
                .put("pid", pid)
                .put("dashboard", dashboard())
                .put("management", management())
                .put(
                        "postgres",
                        new JsonObject()
                                .put("url", postgres.url())
                                .put("host", postgres.host())
                                .put("port", postgres.port())
                                .put("database", LocalPostgres.DATABASE)
                                .put("user", postgres.user())
                                .put("password", postgres.password()))
                .put(
                        "kafka",
                        new JsonObject()
                                .put("bootstrap", servers.kafka().bootstrap())
                                .put("topic", servers.options().topic()))
                .put("smtp", new JsonObject().put("host", mail.host()).put("port", mail.smtpPort()))
                .put(
                        "imap",
                        new JsonObject()
                                .put("host", mail.host())
                                .put("port", mail.imapPort())
                                .put("user", LocalMail.USER)
                                .put("password", LocalMail.PASSWORD))
                .encodePrettily();
    }
}
