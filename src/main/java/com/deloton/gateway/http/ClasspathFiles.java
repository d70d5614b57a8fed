package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves files of the class path. Vert.x's own handler for static files prefers a folder of the same name in the working
 * directory, which could replace the pages.
 */
public final class ClasspathFiles implements Handler<RoutingContext> {
    private final String root;
    private final int prefixLength;
    private final Map<String, Resource> resources = new ConcurrentHashMap<>();

    private record Resource(Buffer content, String contentType, String tag) {}

    /**
     * Files of a folder of the class path.
     *
     * @param prefix removed from the start of request paths
     */
    public ClasspathFiles(String root, String prefix) {
        this.root = root;
        prefixLength = prefix.length();
    }

    @Override
    public void handle(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            context.next();
            return;
        }
        String path = context.normalizedPath().substring(prefixLength);
        String file = path.endsWith("/") ? path + "index.html" : path;
        Resource known = resources.get(file);
        if (known != null) {
            send(context, known);
            return;
        }
        context.vertx().executeBlocking(() -> load(file), false).onComplete(loaded -> {
            if (loaded.failed()) {
                context.fail(loaded.cause());
            } else if (loaded.result() == null) {
                context.next();
            } else {
                send(context, loaded.result());
            }
        });
    }

    /** Null if there is no such file. A name without a dot is a folder. */
    private @Nullable Resource load(String file) throws IOException {
        String name = file.substring(file.lastIndexOf('/') + 1);
        try (InputStream in = name.indexOf('.') < 1 || file.contains("..")
                ? null
                : ClasspathFiles.class.getClassLoader().getResourceAsStream(root + file)) {
            if (in == null) {
                return null;
            }
            Buffer content = Buffer.buffer(in.readAllBytes());
            Resource resource = new Resource(content, contentType(name), EntityTag.weak(content));
            resources.put(file, resource);
            return resource;
        }
    }

    private static String contentType(String name) {
        String type = Objects.requireNonNullElse(MimeMapping.mimeTypeForFilename(name), "application/octet-stream");
        return type.startsWith("text/") || type.endsWith("javascript") ? type + ";charset=UTF-8" : type;
    }

    private static void send(RoutingContext context, Resource resource) {
        context.etag(resource.tag);
        if (EntityTag.isUnchanged(context, resource.tag)) {
            context.response().setStatusCode(304).end();
            return;
        }
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, resource.contentType)
                .end(resource.content);
    }
}
