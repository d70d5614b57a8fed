package com.deloton.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The methods of each path, for status 405. Not thread-safe while paths are added. */
public final class AllowedMethods {
    private final List<Endpoint> endpoints = new ArrayList<>();

    private record Endpoint(List<String> template, String method) {}

    /**
     * Adds a method of a path.
     *
     * @param template segments {@code :name} and {@code {name}} match any one segment, a last {@code *} any number
     */
    public void add(String template, String method) {
        endpoints.add(new Endpoint(List.of(template.split("/", -1)), method));
    }

    /** 405 with {@code Allow} for a path that has other methods, else 404. */
    public Problem problem(RoutingContext context) {
        Set<String> methods = of(context.normalizedPath());
        if (methods.isEmpty() || methods.contains(context.request().method().name())) {
            return new Problem(404, "The path does not exist.");
        }
        String allowed = String.join(", ", methods);
        context.response().putHeader(HttpHeaderNames.ALLOW, allowed);
        return new Problem(
                405,
                "The method %s is not allowed; expected %s."
                        .formatted(context.request().method(), allowed));
    }

    /** Answers OPTIONS with {@code Allow}; false for an unknown path. */
    public boolean sendOptions(RoutingContext context) {
        Set<String> methods = of(context.normalizedPath());
        if (methods.isEmpty()) {
            return false;
        }
        methods.add("OPTIONS");
        context.response()
                .putHeader(HttpHeaderNames.ALLOW, String.join(", ", methods))
                .setStatusCode(204)
                .end();
        return true;
    }

    private Set<String> of(String path) {
        String[] segments = path.split("/", -1);
        Set<String> methods = new TreeSet<>();
        for (Endpoint endpoint : endpoints) {
            if (matches(endpoint.template, segments)) {
                methods.add(endpoint.method);
                if (endpoint.method.equals("GET")) {
                    methods.add("HEAD");
                }
            }
        }
        return methods;
    }

    private static boolean matches(List<String> template, String[] segments) {
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            if (expected.equals("*")) {
                return true;
            }
            if (i >= segments.length || !(isPlaceholder(expected) || expected.equals(segments[i]))) {
                return false;
            }
        }
        return segments.length == template.size();
    }

    private static boolean isPlaceholder(String segment) {
        return segment.startsWith(":") || segment.startsWith("{");
    }
}
