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

    /** An address to listen on. */
    public record Management(String host, int port) {}

    /** With the dashboard of the jar, and one port. */
    public HttpConfig(String host, int port, String publicUrl) {
        this(host, port, publicUrl, null, null);
    }

    static HttpConfig read(Settings settings) {
        return new HttpConfig(
                settings.key("http.host", "Address to listen on; 0.0.0.0 for every interface.")
                        .text("127.0.0.1"),
                settings.key("http.port", "Port to listen on; 0 for any free one.")
                        .port(8080),
                settings.key("http.public-url", "Base URL of the gateway for browsers and for links in mails.")
                        .url("http://localhost:8080"),
                settings.key(
                                "http.webroot",
                                "Folder of dashboard files that replaces those of the jar, for development.")
                        .textOrNull(),
                management(settings));
    }

    private static @Nullable Management management(Settings settings) {
        String host = settings.key("http.management.host", "Address to listen on for health and metrics.")
                .text("127.0.0.1");
        int port = settings.key(
                        "http.management.port",
                        "Port for health and metrics, which http.port then does not serve; 0 serves them on http.port.")
                .port(0);
        return port == 0 ? null : new Management(host, port);
    }
}
