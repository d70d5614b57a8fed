package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: health, metrics, dashboard and API.
 *
 * @param port 0 for any free port
 * @param publicUrl base URL for browsers and links in mails, without a slash at its end
 * @param webroot folder that replaces the dashboard of the jar; null for none
 * @param management address of health and metrics; null if they are on the same port as all else
 */
public record HttpConfig(
        String host,
        int port,
        String publicUrl,
        @Nullable String webroot,
        @Nullable Management management) {

    /**
     * An address to listen on.
     *
     * @param port 0 for any free port
     */
    public record Management(String host, int port) {}

    /** With the dashboard of the jar, and one port for everything. */
    public HttpConfig(String host, int port, String publicUrl) {
        this(host, port, publicUrl, null, null);
    }

    static HttpConfig read(Settings settings) {
        String host = settings.key("http.host", "Address to listen on; 0.0.0.0 for every interface.")
                .text("127.0.0.1");
        int port = settings.key("http.port", "Port to listen on; 0 for any free one.")
                .port(8080);
        return new HttpConfig(
                host,
                port,
                settings.key("http.public-url", "Base URL of the gateway for browsers and for links in mails.")
                        .url("http://localhost:8080"),
                settings.key(
                                "http.webroot",
                                "Folder of dashboard files that replaces those of the jar, for development.")
                        .textOrNull(),
                management(settings, port));
    }

    private static @Nullable Management management(Settings settings, int port) {
        String host = settings.key("http.management.host", "Address to listen on for health and metrics.")
                .text("127.0.0.1");
        int managementPort = settings.key(
                        "http.management.port",
                        "Port for health and metrics; 0 for any free one, the value of http.port to serve them there.")
                .port(8081);
        return managementPort == port && port != 0 ? null : new Management(host, managementPort);
    }
}
