package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Stream;

/**
 * Rejects requests that intermediaries could read differently, and joins the lines of list headers, of which Vert.x reads
 * only the first. For one event loop.
 */
final class RequestRules implements Handler<RoutingContext> {
    private static final List<CharSequence> SINGLE = List.of(HttpHeaders.HOST, HttpHeaders.AUTHORIZATION);
    private static final List<CharSequence> LISTS =
            List.of(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IF_NONE_MATCH);

    private static final List<String> COUNTED = Stream.concat(SINGLE.stream(), LISTS.stream())
            .map(CharSequence::toString)
            .toList();

    private static final int DELETE = 0x7F;

    private final Set<HttpConnection> rejected = Collections.newSetFromMap(new WeakHashMap<>());

    @Override
    public void handle(RoutingContext context) {
        if (rejected.contains(context.request().connection())) {
            return; // a pipelined request, which may be part of the rejected one
        }
        MultiMap headers = context.request().headers();
        int[] counts = new int[COUNTED.size()];
        boolean nameless = false;
        for (Map.Entry<String, String> header : headers) {
            nameless |= header.getKey().isEmpty();
            count(header.getKey(), counts);
        }
        for (int i = 0; i < SINGLE.size(); i++) {
            if (counts[i] > 1) {
                reject(context, "The header " + SINGLE.get(i) + " appears more than once; expected it once.");
                return;
            }
        }
        if (nameless) {
            reject(context, "A header has no name; expected name: value.");
            return;
        }
        if (hasControlCharacter(context.request().uri())) {
            reject(context, "The request target contains a control character; expected it percent-encoded.");
            return;
        }
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            reject(context, "The header transfer-encoding is not supported; expected chunked only.");
            return;
        }
        for (int i = 0; i < LISTS.size(); i++) {
            CharSequence name = LISTS.get(i);
            if (counts[SINGLE.size() + i] > 1) {
                headers.set(name, String.join(", ", headers.getAll(name)));
            }
        }
        context.next();
    }

    private static void count(String name, int[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (COUNTED.get(i).equalsIgnoreCase(name)) {
                counts[i]++;
                return;
            }
        }
    }

    private static boolean hasControlCharacter(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) <= ' ' || target.charAt(i) == DELETE) {
                return true;
            }
        }
        return false;
    }

    /** The connection is closed: where the next request begins is in doubt. */
    private void reject(RoutingContext context, String detail) {
        rejected.add(context.request().connection());
        Problem.sendAndClose(context, new Problem(400, detail));
    }
}
