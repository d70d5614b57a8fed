package com.deloton.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Fetches an issuer's JSON Web Key Set. */
final class JwksClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_KEY_SET_BYTES = 1 << 20;

    private final Vertx vertx;
    private final HttpClient client;
    private final String url;

    JwksClient(Vertx vertx, String url) {
        this.vertx = vertx;
        this.url = url;
        client = vertx.createHttpClient(
                new HttpClientOptions().setSsl(url.startsWith("https:")).setConnectTimeout((int) TIMEOUT.toMillis()));
    }

    /** Fails with a message for the log if the set cannot be fetched or has no usable key. */
    Future<VerificationKeys> fetch() {
        URI uri = URI.create(url);
        RequestOptions request = new RequestOptions()
                .setAbsoluteURI(uri.toString())
                .setMethod(HttpMethod.GET)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("accept", "application/jwk-set+json, application/json");
        return client.request(request)
                .compose(sent -> sent.send().compose(JwksClient::body))
                .map(body -> VerificationKeys.of(vertx, KeyFiles.jwks(new JsonObject(body))))
                .recover(e -> Future.failedFuture(new IOException(url + ": " + e.getMessage(), e)));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("answered with status " + response.statusCode());
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_KEY_SET_BYTES) {
                response.request().connection().close();
            }
        });
        return response.end().map(body);
    }
}
