package com.deloton.gateway.live;

import static com.deloton.gateway.testing.IngestFixture.await;
import static com.deloton.gateway.testing.IngestFixture.awaitTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A viewer that speaks the event-bus bridge's protocol, with or without SockJS around it. */
final class BridgeClient {
    /** Bodies of the bridge's messages, each with its address put in. */
    final List<JsonObject> messages = new CopyOnWriteArrayList<>();

    final List<JsonObject> errors = new CopyOnWriteArrayList<>();
    final List<Integer> closed = new CopyOnWriteArrayList<>();
    volatile boolean acknowledges = true;
    final LongAdder bytes = new LongAdder();
    private volatile Consumer<JsonObject> listener = message -> {};
    private final WebSocket socket;
    private final boolean raw;

    private BridgeClient(WebSocket socket, boolean raw) {
        this.socket = socket;
        this.raw = raw;
        socket.handler(buffer -> bytes.add(buffer.length()));
        socket.textMessageHandler(this::text);
        socket.binaryMessageHandler(buffer -> message(buffer.toString()));
        socket.closeHandler(v -> closed.add(socket.closeStatusCode() == null ? 0 : (int) socket.closeStatusCode()));
    }

    static BridgeClient raw(LiveFixture fixture, int port, String ticket) throws Exception {
        return new BridgeClient(
                open(fixture, port, "/eventbus/websocket?ticket=" + ticket, MultiMap.caseInsensitiveMultiMap()), true);
    }

    static BridgeClient sockJs(LiveFixture fixture, int port, String ticket) throws Exception {
        return new BridgeClient(
                open(
                        fixture,
                        port,
                        "/eventbus/042/abcdefgh/websocket?ticket=" + ticket,
                        MultiMap.caseInsensitiveMultiMap()),
                false);
    }

    /** Fails with {@code UpgradeRejectedException} if the gateway does not want it. */
    static WebSocket open(LiveFixture fixture, int port, String uri, MultiMap headers) throws Exception {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(uri);
        headers.forEach((name, value) -> options.addHeader(name, value));
        return await(fixture.sockets.connect(options));
    }

    private void text(String text) {
        if (raw) {
            message(text);
        } else if (text.startsWith("a")) {
            new JsonArray(text.substring(1)).forEach(message -> message((String) message));
        } else if (text.startsWith("c")) {
            closed.add(new JsonArray(text.substring(1)).getInteger(0));
        }
    }

    private void message(String text) {
        JsonObject message = new JsonObject(text);
        if (message.getString("type").equals("err")) {
            errors.add(message);
            return;
        }
        JsonObject body = new JsonObject(message.getString("body")).put("address", message.getString("address"));
        messages.add(body);
        listener.accept(body);
        if (acknowledges && body.getString("address").equals("live.fleet")) {
            acknowledge(body.getLong("seq"));
        }
    }

    void listen(Consumer<JsonObject> newListener) {
        listener = newListener;
    }

    BridgeClient register(String... addresses) {
        for (String address : addresses) {
            send(new JsonObject().put("type", "register").put("address", address));
        }
        return this;
    }

    void acknowledge(long seq) {
        send(new JsonObject().put("type", "send").put("address", "live.ack").put("body", String.valueOf(seq)));
    }

    void send(JsonObject message) {
        String text = message.encode();
        socket.writeTextMessage(raw ? text : new JsonArray().add(text).encode());
    }

    /** Stops to read from the network. */
    void pause() {
        socket.pause();
    }

    JsonObject await1(String address, Predicate<JsonObject> wanted) throws Exception {
        awaitTrue(() ->
                messages.stream().anyMatch(body -> body.getString("address").equals(address) && wanted.test(body)));
        return messages.stream()
                .filter(body -> body.getString("address").equals(address) && wanted.test(body))
                .findFirst()
                .orElseThrow();
    }

    List<JsonObject> of(String address) {
        return messages.stream()
                .filter(body -> body.getString("address").equals(address))
                .toList();
    }

    void close() throws Exception {
        await(socket.close());
    }
}
