package com.deloton.gateway.auth;

import java.time.Instant;
import java.util.Set;

/**
 * Who asks, as a verified token says.
 *
 * @param expiresAt the token is of no use from then on, but for the leeway
 */
public record Caller(String subject, Set<String> scopes, Instant expiresAt) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean may(Scope scope) {
        return scopes.contains(scope.value());
    }
}
