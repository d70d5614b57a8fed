package com.deloton.image;

import java.net.HttpURLConnection;
import java.net.URI;

/** Ends with 0 if the gateway in the same container is alive. The image has no other HTTP client. */
public final class HealthProbe {
    private static final int MILLISECONDS = 5000;

    private HealthProbe() {}

    public static void main(String[] args) throws Exception {
        String port = System.getenv().getOrDefault("DELOTON_HTTP_MANAGEMENT_PORT", "8081");
        URI uri = URI.create("http://127.0.0.1:" + port + "/health/live");
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(MILLISECONDS);
        connection.setReadTimeout(MILLISECONDS);
        System.exit(connection.getResponseCode() == HttpURLConnection.HTTP_OK ? 0 : 1);
    }
}
