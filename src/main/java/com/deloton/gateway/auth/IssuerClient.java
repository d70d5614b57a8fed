package com.deloton.gateway.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fetches JSON documents of an identity provider; follows redirects within one origin. */
final class IssuerClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    /** Of a document with its redirects; {@link #TIMEOUT} alone would not end a response that comes byte by byte. */
    private static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(10);

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_REDIRECTS = 3;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final HttpClient client;
    private final Duration totalTimeout;

    IssuerClient(Vertx vertx) {
        this(vertx, TOTAL_TIMEOUT);
    }

    IssuerClient(Vertx vertx, Duration totalTimeout) {
        this.totalTimeout = totalTimeout;
        client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) TIMEOUT.toMillis()));
    }

    Future<JsonObject> get(String url) {
        AtomicReference<@Nullable HttpClientRequest> latest = new AtomicReference<>();
        return get(URI.create(url), MAX_REDIRECTS, latest)
                .timeout(totalTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> {
                    HttpClientRequest request = latest.get();
                    if (request != null) {
                        request.reset();
                    }
                });
    }

    private Future<JsonObject> get(URI url, int redirects, AtomicReference<@Nullable HttpClientRequest> latest) {
        RequestOptions request = new RequestOptions()
                .setAbsoluteURI(url.toString())
                .setMethod(HttpMethod.GET)
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("accept", "application/json, application/jwk-set+json");
        return client.request(request)
                .onSuccess(latest::set)
                .compose(sent -> sent.send().compose(response -> {
                    String location = response.getHeader(HttpHeaders.LOCATION);
                    if (!REDIRECTS.contains(response.statusCode()) || location == null) {
                        return json(response);
                    }
                    URI target = url.resolve(location);
                    if (redirects == 0 || !isSameOrigin(url, target)) {
                        return Future.failedFuture(
                                "redirects to another origin, or more than " + MAX_REDIRECTS + " times");
                    }
                    return response.end().compose(v -> get(target, redirects - 1, latest));
                }));
    }

    private static boolean isSameOrigin(URI one, URI other) {
        return Objects.equals(one.getScheme(), other.getScheme())
                && Objects.equals(one.getRawAuthority(), other.getRawAuthority());
    }

    private static Future<JsonObject> json(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("status " + response.statusCode());
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_BYTES) {
                response.request().connection().close();
            }
        });
        return response.end().map(v -> {
            String text = body.toString();
            return new JsonObject(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        });
    }
}
