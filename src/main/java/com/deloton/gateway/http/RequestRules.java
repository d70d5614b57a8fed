package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Rejects requests that intermediaries could read differently, and joins the lines of list headers, of which Vert.x reads
 * only the first. For one event loop.
 */
final class RequestRules implements Handler<RoutingContext> {
    private static final List<CharSequence> SINGLE = List.of(HttpHeaders.HOST, HttpHeaders.AUTHORIZATION);
    private static final List<CharSequence> LISTS =
            List.of(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IF_NONE_MATCH);

    private static final int DELETE = 0x7F;

    private final Set<HttpConnection> rejected = Collections.newSetFromMap(new WeakHashMap<>());

    @Override
    public void handle(RoutingContext context) {
        if (rejected.contains(context.request().connection())) {
            return; // a pipelined request, which may be part of the rejected one
        }
        MultiMap headers = context.request().headers();
        for (CharSequence name : SINGLE) {
            if (headers.getAll(name).size() > 1) {
                reject(context, "The header " + name + " appears more than once; expected it once.");
                return;
            }
        }
        if (headers.names().contains("")) {
            reject(context, "A header has no name; expected name: value.");
            return;
        }
        if (context.request().uri().chars().anyMatch(c -> c <= ' ' || c == DELETE)) {
            reject(context, "The request target contains a control character; expected it percent-encoded.");
            return;
        }
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            reject(context, "The header transfer-encoding is not supported; expected chunked only.");
            return;
        }
        for (CharSequence name : LISTS) {
            List<String> lines = headers.getAll(name);
            if (lines.size() > 1) {
                headers.set(name, String.join(", ", lines));
            }
        }
        context.next();
    }

    /** The connection is closed: where the next request begins is in doubt. */
    private void reject(RoutingContext context, String detail) {
        rejected.add(context.request().connection());
        Problem.sendAndClose(context, new Problem(400, detail));
    }
}
