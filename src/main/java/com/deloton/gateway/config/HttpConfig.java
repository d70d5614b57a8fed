package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: health, metrics, dashboard and API.
 *
 * @param port 0 for any free port
 * @param publicUrl base URL for browsers and links in mails, without a slash at its end
 * @param webroot folder that replaces the dashboard of the jar; null for none
 */
public record HttpConfig(
        String host, int port, String publicUrl, @Nullable String webroot) {

    /** With the dashboard of the jar. */
    public HttpConfig(String host, int port, String publicUrl) {
        this(host, port, publicUrl, null);
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
                        .textOrNull());
    }
}
