package com.deloton.gateway.auth;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subject of a verified token.
 *
 * @param expiresAt without the leeway
 * @param rider the rider that the token names; null if it names none
 */
public record Caller(
        String subject,
        Set<String> scopes,
        Instant expiresAt,
        @Nullable Long rider) {
    private static final Set<String> SELF = Set.of(Scope.SELF.value());

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** A caller that no token connects with a rider. */
    public Caller(String subject, Set<String> scopes, Instant expiresAt) {
        this(subject, scopes, expiresAt, null);
    }

    /** The same caller with no other scope than {@code self}. */
    Caller confined() {
        return new Caller(subject, SELF, expiresAt, rider);
    }

    /** The only rider whose data the caller may see or change; null for a caller with other scopes than {@code self}. */
    public @Nullable Long confinedTo() {
        return scopes.equals(SELF) ? rider : null;
    }

    public boolean hasScope(Scope scope) {
        return scopes.contains(scope.value());
    }
}
