package com.deloton.gateway.api.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of configured origins call the API. Pages of the gateway itself may always call it: browsers send an
 * {@code Origin} with their PUT and POST too.
 */
final class CrossOrigin implements Handler<RoutingContext> {
    private static final int PREFLIGHT_SECONDS = 3_600;

    private final CorsHandler cors = CorsHandler.create()
            .allowedMethods(new HashSet<>(
                    Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE)))
            .allowedHeaders(Set.of("Authorization", "Content-Type", "If-None-Match", "X-Request-Id"))
            .exposedHeaders(Set.of(
                    "ETag",
                    "Link",
                    "Location",
                    "Content-Disposition",
                    "Retry-After",
                    "RateLimit-Limit",
                    "RateLimit-Remaining",
                    "RateLimit-Reset",
                    "X-Request-Id"))
            .maxAgeSeconds(PREFLIGHT_SECONDS);

    private final String publicOrigin;

    CrossOrigin(List<String> origins, String publicUrl) {
        origins.forEach(cors::addOrigin);
        URI url = URI.create(publicUrl);
        publicOrigin = url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public void handle(RoutingContext context) {
        context.response().headers().add(HttpHeaders.VARY, "Origin");
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        if (origin == null
                || origin.equalsIgnoreCase(publicOrigin)
                || isOwn(origin, context.request().authority())) {
            context.next();
        } else {
            cors.handle(context);
        }
    }

    /** The scheme is not compared: behind a proxy that ends TLS, the gateway does not see it. */
    private static boolean isOwn(String origin, @Nullable HostAndPort authority) {
        try {
            URI uri = new URI(origin);
            return authority != null
                    && authority.host().equalsIgnoreCase(uri.getHost())
                    && authority.port() == uri.getPort();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
