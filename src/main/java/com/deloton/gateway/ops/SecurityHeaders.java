package com.deloton.gateway.ops;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;

/** Headers that every response carries: browsers run and load nothing but our own files. */
final class SecurityHeaders implements Handler<RoutingContext> {
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    private final Map<String, String> headers;

    /** Over https, browsers are told to stay there. */
    SecurityHeaders(String publicUrl) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "content-security-policy", CONTENT_SECURITY_POLICY,
                "x-content-type-options", "nosniff",
                "x-frame-options", "DENY",
                "referrer-policy", "no-referrer",
                "cross-origin-opener-policy", "same-origin",
                "cross-origin-resource-policy", "same-origin",
                "permissions-policy", "camera=(), geolocation=(), microphone=()"));
        if (publicUrl.startsWith("https:")) {
            all.put("strict-transport-security", "max-age=31536000");
        }
        headers = Map.copyOf(all);
    }

    @Override
    public void handle(RoutingContext context) {
        context.response().headers().addAll(headers);
        context.next();
    }
}
