package com.deloton.gateway.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An endpoint that the gateways post their events to. Thread-safe. */
final class WebhookEndpoint implements AutoCloseable {
    private static final int ACCEPTED = 204;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private volatile int status = ACCEPTED;

    WebhookEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Answers with this status from now on; a redirect leads to the endpoint itself. */
    void answerWith(int newStatus) {
        status = newStatus;
    }

    void accept() {
        status = ACCEPTED;
    }

    /** The header {@code webhook-id} of each request that was answered with 204. */
    List<String> accepted() {
        return accepted;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            int answer = status;
            if (answer == ACCEPTED) {
                accepted.add(exchange.getRequestHeaders().getFirst("webhook-id"));
            } else if (answer / 100 == 3) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
