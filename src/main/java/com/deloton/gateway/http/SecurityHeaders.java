package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The security headers of every response: browsers run and load only our own files. */
final class SecurityHeaders implements Handler<RoutingContext> {
    private final Map<String, String> headers;

    /**
     * With HSTS if the public URL is https.
     *
     * @param connectTo other origins that our pages may send requests to
     */
    SecurityHeaders(String publicUrl, List<String> connectTo) {
        Map<String, String> all = new TreeMap<>(Map.of(
                "content-security-policy", contentSecurityPolicy(connectTo),
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

    private static String contentSecurityPolicy(List<String> connectTo) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "font-src 'self'",
                String.join(" ", "connect-src 'self'", String.join(" ", connectTo))
                        .strip(),
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    @Override
    public void handle(RoutingContext context) {
        context.response().headers().addAll(headers);
        context.next();
    }
}
