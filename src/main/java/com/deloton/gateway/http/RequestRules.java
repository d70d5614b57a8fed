package com.deloton.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * Rejects requests that intermediaries could read differently, and joins the lines of list headers, of which Vert.x reads
 * only the first.
 */
final class RequestRules implements Handler<RoutingContext> {
    private static final List<CharSequence> SINGLE = List.of(HttpHeaders.HOST, HttpHeaders.AUTHORIZATION);
    private static final List<CharSequence> LISTS =
            List.of(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IF_NONE_MATCH);

    @Override
    public void handle(RoutingContext context) {
        MultiMap headers = context.request().headers();
        for (CharSequence name : SINGLE) {
            if (headers.getAll(name).size() > 1) {
                new Problem(400, "The header " + name + " appears more than once; expected it once.").send(context);
                return;
            }
        }
        List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        if (!codings.isEmpty() && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
            new Problem(400, "The header transfer-encoding is not supported; expected chunked only.").send(context);
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
}
