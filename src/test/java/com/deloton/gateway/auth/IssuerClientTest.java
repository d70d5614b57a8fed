package com.deloton.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class IssuerClientTest {
    @Test
    void aResponseThatComesByteByByteEndsAfterTheTotalTime() throws Exception {
        Vertx vertx = Vertx.vertx();
        Promise<Void> closed = Promise.promise();
        NetServer issuer = vertx.createNetServer()
                .connectHandler(socket -> drip(vertx, socket, closed))
                .listen(0, "localhost")
                .await(10, TimeUnit.SECONDS);
        IssuerClient client = new IssuerClient(vertx, Duration.ofMillis(500));

        assertThatThrownBy(() ->
                        client.get("http://localhost:" + issuer.actualPort()).await(10, TimeUnit.SECONDS))
                .isInstanceOf(TimeoutException.class);

        assertThat(closed.future().await(10, TimeUnit.SECONDS))
                .as("the connection is closed")
                .isNull();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private static void drip(Vertx vertx, NetSocket socket, Promise<Void> closed) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{");
        long timer = vertx.setPeriodic(50, t -> socket.write(" "));
        socket.closeHandler(v -> {
            vertx.cancelTimer(timer);
            closed.complete();
        });
        socket.handler(request -> {});
    }
}
