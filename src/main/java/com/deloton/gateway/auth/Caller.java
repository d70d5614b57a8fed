package com.deloton.gateway.auth;

import java.time.Instant;
import java.util.Set;

/**
 * The subject of a verified token.
 *
 * @param expiresAt without the leeway
 */
public record Caller(String subject, Set<String> scopes, Instant expiresAt) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean hasScope(Scope scope) {
        return scopes.contains(scope.value());
    }
}
