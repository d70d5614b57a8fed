package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls endpoints, within limits of time and size and at allowed addresses only. A redirect is a response like any other:
 * it is not followed. The futures do not fail: an error is a {@link CallResult.Failed}.
 */
final class WebhookClient {
    private static final int MAX_ANSWER_LENGTH = 500;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_CONNECTIONS = 8;
    private static final int MAX_WAITING = 64;
    private static final int RESOLVER_THREADS = 4;
    private static final long MAX_RETRY_AFTER_S = 86_400;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Vertx vertx;
    private final Duration timeout;
    private final AllowedAddresses allowed;
    private final WorkerExecutor resolver;
    private final HttpClientAgent http;

    WebhookClient(Vertx vertx, WebhookConfig config) {
        this.vertx = vertx;
        timeout = config.timeout();
        allowed = new AllowedAddresses(config);
        resolver = vertx.createSharedWorkerExecutor("webhook-names", RESOLVER_THREADS);
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(timeout.toMillis()))
                .setSslHandshakeTimeout(timeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(timeout.toMillis() * 2))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAliveTimeout(Math.toIntExact(timeout.toSeconds() + 1))
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setDecompressionSupported(false)
                .setName("webhook");
        if (config.trustCert() != null) {
            options.setTrustOptions(
                    new PemTrustOptions().addCertPath(config.trustCert().toString()));
        }
        http = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
    }

    /** Posts JSON; completes within the timeout, on the caller's context. */
    Future<CallResult> post(URI url, Map<String, String> headers, String body) {
        Call call = new Call(url, headers, body);
        long timer = vertx.setTimer(
                timeout.toMillis(), t -> call.fail("no response within %d ms".formatted(timeout.toMillis())));
        call.start();
        return call.result.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    void close() {
        http.close();
        resolver.close();
    }

    /** One call. Confined to the caller's context. */
    private final class Call {
        private final URI url;
        private final Map<String, String> headers;
        private final String body;
        private final Promise<CallResult> result = Promise.promise();
        private @Nullable HttpClientRequest request;

        Call(URI url, Map<String, String> headers, String body) {
            this.url = url;
            this.headers = headers;
            this.body = body;
        }

        void start() {
            boolean encrypted = "https".equals(url.getScheme());
            resolver.executeBlocking(
                            () -> allowed.resolve(url.getHost(), encrypted).getFirst(), false)
                    .compose(address -> result.future().isComplete()
                            ? Future.failedFuture(new TimeoutException("no address in time"))
                            : http.request(options(address, encrypted)))
                    .compose(this::send)
                    .onSuccess(this::read)
                    .onFailure(failure -> fail(failure.getClass().getSimpleName() + ": " + failure.getMessage()));
        }

        /** The connection goes to the checked address; certificate and header {@code Host} are those of the name. */
        private RequestOptions options(InetAddress address, boolean encrypted) {
            int port = url.getPort() > 0 ? url.getPort() : encrypted ? HTTPS_PORT : HTTP_PORT;
            String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                    .setHost(url.getHost())
                    .setPort(port)
                    .setSsl(encrypted)
                    .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                    .setFollowRedirects(false)
                    .putHeader("Content-Type", "application/json")
                    .putHeader("User-Agent", "deloton-gateway");
            headers.forEach(options::putHeader);
            return options;
        }

        private Future<HttpClientResponse> send(HttpClientRequest opened) {
            request = opened;
            if (result.future().isComplete()) {
                opened.reset();
                return Future.failedFuture(new TimeoutException("no connection in time"));
            }
            return opened.send(Buffer.buffer(body));
        }

        /** A status of 2xx is the acceptance, whatever happens to the rest of the response. */
        private void read(HttpClientResponse response) {
            boolean accepted = response.statusCode() >= 200 && response.statusCode() < 300;
            if (accepted) {
                result.tryComplete(new CallResult.Accepted(response.statusCode()));
            }
            Buffer beginning = Buffer.buffer();
            long[] received = {0};
            long timer = vertx.setTimer(timeout.toMillis(), t -> reset());
            response.handler(chunk -> {
                received[0] += chunk.length();
                if (beginning.length() < MAX_ANSWER_LENGTH) {
                    beginning.appendBuffer(chunk, 0, Math.min(chunk.length(), MAX_ANSWER_LENGTH - beginning.length()));
                }
                if (received[0] > MAX_BODY_BYTES) {
                    refused(response, beginning);
                    reset();
                }
            });
            response.exceptionHandler(failure -> {
                vertx.cancelTimer(timer);
                refused(response, beginning);
            });
            response.endHandler(end -> {
                vertx.cancelTimer(timer);
                refused(response, beginning);
            });
        }

        private void refused(HttpClientResponse response, Buffer beginning) {
            String location = response.getHeader("Location");
            String answer = location == null
                    ? beginning.toString(StandardCharsets.UTF_8)
                    : "redirects are not followed; expected the final URL in the configuration";
            result.tryComplete(new CallResult.Failed(
                    response.statusCode(),
                    line("%d %s %s".formatted(response.statusCode(), response.statusMessage(), answer)),
                    retryAfter(response.getHeader("Retry-After"))));
        }

        void fail(String reason) {
            if (result.tryComplete(new CallResult.Failed(null, line(reason), null))) {
                reset();
            }
        }

        private void reset() {
            if (request != null) {
                request.reset();
                request.connection().close();
            }
        }
    }

    private static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null || !header.matches("\\d{1,9}")) {
            return null;
        }
        return Duration.ofSeconds(Math.min(Long.parseLong(header), MAX_RETRY_AFTER_S));
    }

    private static String line(String text) {
        String line =
                text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\x{FFFD}]+", " ").strip();
        return line.length() <= MAX_ANSWER_LENGTH ? line : line.substring(0, MAX_ANSWER_LENGTH);
    }
}
