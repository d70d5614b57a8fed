package com.deloton.gateway.api.http;

import com.deloton.gateway.http.ClasspathFiles;
import com.deloton.gateway.http.EntityTag;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/**
 * Serves the contracts at {@code /openapi.yaml} and {@code /asyncapi.yaml} and the pages of {@code webroot/docs} with Swagger UI
 * at {@code /docs}, all from the jar.
 */
final class DocumentationPages implements Consumer<Router> {
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.34.1";
    private static final String PAGES = "webroot/docs";
    /** Swagger UI sets inline styles, and its style sheet has images. */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'");

    /** A gateway that issues development tokens serves its own version of this module, before these routes. */
    private static final String LOCAL = "export const developmentTokens = false;\n";

    private final Buffer contract;
    private final Buffer events;

    /**
     * The documentation of an API.
     *
     * @param contract the OpenAPI document
     * @param events the AsyncAPI document
     */
    DocumentationPages(String contract, String events) {
        this.contract = Buffer.buffer(contract);
        this.events = Buffer.buffer(events);
    }

    @Override
    public void accept(Router router) {
        serve(router, "/openapi.yaml", contract);
        serve(router, "/asyncapi.yaml", events);
        router.get("/docs").handler(context -> {
            if (context.normalizedPath().endsWith("/")) {
                context.next();
            } else {
                context.redirect("/docs/");
            }
        });
        router.get("/docs/*").handler(context -> {
            context.response().putHeader("content-security-policy", CONTENT_SECURITY_POLICY);
            context.next();
        });
        router.get("/docs/local.js")
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/javascript; charset=utf-8")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                        .end(LOCAL));
        router.get("/docs/*").handler(new ClasspathFiles(PAGES, "/docs"));
        router.get("/docs/*").handler(new ClasspathFiles(SWAGGER_UI, "/docs"));
    }

    private static void serve(Router router, String path, Buffer document) {
        String tag = EntityTag.weak(document);
        router.get(path).handler(context -> send(context, document, tag));
    }

    private static void send(RoutingContext context, Buffer document, String tag) {
        context.etag(tag);
        context.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("access-control-allow-origin", "*")
                .putHeader("cross-origin-resource-policy", "cross-origin");
        if (EntityTag.isUnchanged(context, tag)) {
            context.response().setStatusCode(304).end();
            return;
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml; charset=utf-8")
                .end(document);
    }
}
