package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import com.deloton.gateway.Gateway;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of server-sent events on the JDK's HTTP client. */
final class SseClient implements AutoCloseable {
    /** In the order of arrival; comments and {@code retry} have their own names. */
    final List<Event> events = new CopyOnWriteArrayList<>();

    final int status;
    final HttpResponse<Stream<String>> response;
    volatile boolean closed;
    private final Stream<String> lines;

    record Event(String name, String id, String data) {
        JsonObject json() {
            return new JsonObject(data);
        }
    }

    SseClient(Gateway gateway, String path, String token, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.port() + "/v1/live" + path))
                .header("Authorization", "Bearer " + token)
                .header("Accept-Encoding", "gzip");
        if (headers.length > 0) {
            request.headers(headers);
        }
        response = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
        status = response.statusCode();
        lines = response.body();
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        String[] fields = {"message", "", ""};
        try {
            lines.forEach(line -> {
                if (line.isEmpty()) {
                    if (!fields[2].isEmpty()) {
                        events.add(new Event(fields[0], fields[1], fields[2]));
                    }
                    fields[0] = "message";
                    fields[2] = "";
                } else if (line.startsWith("event: ")) {
                    fields[0] = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    fields[1] = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    fields[2] = line.substring(6);
                } else {
                    events.add(new Event(line, "", "{}"));
                }
            });
        } catch (java.io.UncheckedIOException dropped) {
            // the gateway dropped the connection
        }
        closed = true;
    }

    Event await1(String name, Predicate<JsonObject> wanted) throws Exception {
        awaitTrue(() -> find(name, wanted) != null || closed);
        Event found = find(name, wanted);
        if (found == null) {
            throw new AssertionError("no " + name + " in " + status + " " + events);
        }
        return found;
    }

    private @Nullable Event find(String name, Predicate<JsonObject> wanted) {
        return events.stream()
                .filter(event -> event.name().equals(name) && wanted.test(event.json()))
                .findFirst()
                .orElse(null);
    }

    List<Event> of(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    @Override
    public void close() {
        lines.close();
    }
}
