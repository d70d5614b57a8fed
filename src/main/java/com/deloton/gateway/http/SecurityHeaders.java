package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The security headers of every response: browsers run and load only our own files. {@value #DOCUMENT}, an empty page in
 * which the dashboard shows archived reports, may have inline styles and images but no scripts, and loads nothing.
 */
final class SecurityHeaders implements Handler<RoutingContext> {
    private static final String DOCUMENT = "/app/document.html";
    private static final String DOCUMENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
            + "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

    private final MultiMap headers;
    private final MultiMap documentHeaders;

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
        headers = encoded(all);
        all.put("content-security-policy", DOCUMENT_POLICY);
        all.put("x-frame-options", "SAMEORIGIN");
        documentHeaders = encoded(all);
    }

    /** As bytes, which are not encoded again for each response. */
    private static MultiMap encoded(Map<String, String> values) {
        MultiMap encoded = HttpHeaders.headers();
        values.forEach(
                (name, value) -> encoded.add(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value)));
        return encoded;
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
                "frame-src 'self'",
                "manifest-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'");
    }

    @Override
    public void handle(RoutingContext context) {
        boolean isDocument = DOCUMENT.equals(context.request().path());
        context.response().headers().addAll(isDocument ? documentHeaders : headers);
        context.next();
    }
}
