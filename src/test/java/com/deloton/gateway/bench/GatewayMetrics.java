package com.deloton.gateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics of a gateway on this machine. */
public final class GatewayMetrics {
    private final URI uri;

    public GatewayMetrics(int port) {
        uri = URI.create("http://127.0.0.1:" + port + "/metrics");
    }

    /** CPU time of the process since its start. */
    public double cpuSeconds() throws IOException, InterruptedException {
        return sum("process_cpu_time_ns_total") / 1e9;
    }

    /** Of all series with this name; 0 if there are none. */
    public double sum(String name) throws IOException, InterruptedException {
        return sum(name, "");
    }

    /** As {@link #sum(String)}, of those with a label such as {@code area="heap"}. */
    public double sum(String name, String label) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
            Matcher lines = Pattern.compile("^" + name + "(\\{[^}]*})? (\\S+)$", Pattern.MULTILINE)
                    .matcher(text);
            double sum = 0;
            while (lines.find()) {
                if (String.valueOf(lines.group(1)).contains(label) || label.isEmpty()) {
                    sum += Double.parseDouble(lines.group(2));
                }
            }
            return sum;
        }
    }
}
