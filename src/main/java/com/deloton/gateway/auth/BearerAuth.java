package com.deloton.gateway.auth;

import com.deloton.gateway.http.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Lets a request pass that has a token with the right scopes, and says what is missing to others. */
public final class BearerAuth implements Handler<RoutingContext> {
    private static final String CALLER = BearerAuth.class.getName();
    private static final String REALM = "Bearer realm=\"deloton\"";
    private static final int RETRY_AFTER_S = 10;

    private final TokenVerifier tokens;
    private final Set<String> scopes;

    /** @param scopes all of them are needed; none lets every caller pass who is known */
    public BearerAuth(TokenVerifier tokens, Set<String> scopes) {
        this.tokens = tokens;
        this.scopes = Set.copyOf(scopes);
    }

    /** Who asks; only below this handler. */
    public static Caller caller(RoutingContext context) {
        return Objects.requireNonNull(context.get(CALLER), "nobody has asked for a token");
    }

    @Override
    public void handle(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            refuse(context, REALM, 401, "A bearer token is needed.");
        } else if (!header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            refuse(context, REALM, 401, "The header Authorization must hold a bearer token.");
        } else {
            Future<Caller> verified = tokens.verify(header.substring(7).strip());
            boolean waits = !verified.isComplete() && !context.request().isEnded();
            if (waits) {
                context.request().pause();
            }
            verified.onComplete(done -> {
                if (done.succeeded()) {
                    admit(context, done.result());
                } else {
                    fail(context, done.cause());
                }
                if (waits) {
                    context.request().resume();
                }
            });
        }
    }

    private void admit(RoutingContext context, Caller caller) {
        Set<String> missing = new TreeSet<>(scopes);
        missing.removeAll(caller.scopes());
        if (missing.isEmpty()) {
            context.put(CALLER, caller);
            context.next();
            return;
        }
        String names = String.join(" ", missing);
        refuse(
                context,
                REALM + ", error=\"insufficient_scope\", scope=\"" + names + "\"",
                403,
                "The token lacks the scope " + names + ".");
    }

    private static void fail(RoutingContext context, Throwable failure) {
        switch (failure) {
            case InvalidTokenException refused ->
                refuse(
                        context,
                        REALM + ", error=\"invalid_token\", error_description=\"" + refused.getMessage() + "\"",
                        401,
                        "The token is refused: " + refused.getMessage() + ".");
            case KeysUnavailableException unavailable ->
                Problem.sendUnavailable(context, "Tokens cannot be checked at the moment.", RETRY_AFTER_S);
            default -> context.fail(failure);
        }
    }

    private static void refuse(RoutingContext context, String challenge, int status, String detail) {
        context.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
        new Problem(status, detail).send(context);
    }
}
