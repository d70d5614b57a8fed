package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;

/**
 * The one HTTP server: health, metrics, dashboard and API.
 *
 * @param port 0 lets the system choose
 * @param publicUrl how people reach it, without a slash at the end; links in mails begin with it
 */
public record HttpConfig(String host, int port, String publicUrl) {

    static HttpConfig read(Settings settings) {
        return new HttpConfig(
                settings.key("http.host", "Address to listen on; 0.0.0.0 is every interface.")
                        .text("127.0.0.1"),
                settings.key("http.port", "Port to listen on; 0 takes any free one.")
                        .port(8080),
                settings.key("http.public-url", "Where people reach the gateway; links in mails begin with it.")
                        .url("http://localhost:8080"));
    }
}
