package com.deloton.gateway.auth;

import com.deloton.gateway.http.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Requires a bearer token with certain scopes (RFC 6750). */
public final class BearerAuth implements Handler<RoutingContext> {
    private static final String CALLER = BearerAuth.class.getName();
    private static final String SELF = Scope.SELF.value();
    private static final String REALM = "Bearer realm=\"deloton\"";

    private final Function<String, Future<Caller>> verifier;
    private final Set<String> scopes;
    private final boolean openToRiders;

    /** @param scopes the token needs all of them; empty accepts every valid token */
    public BearerAuth(TokenVerifier tokenVerifier, Set<String> scopes) {
        this(tokenVerifier, scopes, false);
    }

    /**
     * @param openToRiders whether a token without all the scopes is accepted with the scope {@code self}; its caller is then
     *     {@linkplain Caller#confinedTo() confined} to a rider
     */
    public BearerAuth(TokenVerifier tokenVerifier, Set<String> scopes, boolean openToRiders) {
        this(tokenVerifier::verify, scopes, openToRiders);
    }

    /**
     * For tokens of another kind.
     *
     * @param verifier fails with {@link InvalidTokenException} or {@link KeysUnavailableException}
     */
    public BearerAuth(Function<String, Future<Caller>> verifier, Set<String> scopes) {
        this(verifier, scopes, false);
    }

    private BearerAuth(Function<String, Future<Caller>> verifier, Set<String> scopes, boolean openToRiders) {
        this.verifier = verifier;
        this.scopes = Set.copyOf(scopes);
        this.openToRiders = openToRiders;
    }

    /** The bearer token that the request presents, not verified; null if there is none. */
    public static @Nullable String presentedToken(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        return header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? null
                : header.substring(7).strip();
    }

    /** The caller of the request; only for routes behind this handler. */
    public static Caller caller(RoutingContext context) {
        return Objects.requireNonNull(context.get(CALLER), "the route has no BearerAuth handler");
    }

    @Override
    public void handle(RoutingContext context) {
        String token = presentedToken(context.request());
        if (context.request().getHeader(HttpHeaders.AUTHORIZATION) == null) {
            reject(context, REALM, 401, "The header Authorization is missing; expected 'Bearer' and a token.");
        } else if (token == null) {
            reject(context, REALM, 401, "The header Authorization has another scheme; expected 'Bearer' and a token.");
        } else {
            Future<Caller> verified = verifier.apply(token);
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
        boolean complete = caller.scopes().containsAll(scopes);
        if (openToRiders && caller.hasScope(Scope.SELF) && (!complete || scopes.contains(SELF))) {
            admitRider(context, caller);
            return;
        }
        if (complete) {
            context.put(CALLER, caller);
            context.next();
            return;
        }
        Set<String> missing = new TreeSet<>(scopes);
        missing.removeAll(caller.scopes());
        String names = String.join(" ", missing);
        reject(
                context,
                REALM + ", error=\"insufficient_scope\", scope=\"" + names + "\"",
                403,
                "The token does not have the scope " + names + ".");
    }

    private static void admitRider(RoutingContext context, Caller caller) {
        if (caller.rider() != null) {
            context.put(CALLER, caller.confined());
            context.next();
            return;
        }
        reject(
                context,
                REALM + ", error=\"insufficient_scope\", scope=\"" + SELF + "\"",
                403,
                "The token has the scope self, but names no rider; api.jwt.rider-claim has the claim.");
    }

    private static void fail(RoutingContext context, Throwable failure) {
        switch (failure) {
            case InvalidTokenException invalid ->
                reject(
                        context,
                        REALM + ", error=\"invalid_token\", error_description=\"" + invalid.getMessage() + "\"",
                        401,
                        "The token is not valid: " + invalid.getMessage() + ".");
            case KeysUnavailableException unavailable ->
                Problem.sendUnavailable(
                        context,
                        "Tokens cannot be verified: the keys of the issuer, or the stored wall tokens, are unavailable. Retry later.",
                        unavailable.retryAfterS());
            default -> context.fail(failure);
        }
    }

    private static void reject(RoutingContext context, String challenge, int status, String detail) {
        context.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, challenge);
        new Problem(status, detail).send(context);
    }
}
