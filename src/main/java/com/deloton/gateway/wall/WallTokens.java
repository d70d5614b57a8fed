package com.deloton.gateway.wall;

import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.auth.InvalidTokenException;
import com.deloton.gateway.auth.KeysUnavailableException;
import com.deloton.gateway.auth.Scope;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The stored wall tokens. Safe for use by any thread. */
public final class WallTokens {
    private static final String SUBJECT = "wall/";
    private static final Set<String> SCOPES = Set.of(Scope.LIVE_READ.value());

    private static final String VALID = """
            SELECT token_id, expires_at FROM wall_token
            WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > now()""";

    private static final String VALID_OF = """
            SELECT token_id FROM wall_token WHERE token_id = ANY ($1) AND revoked_at IS NULL AND expires_at > now()""";

    /** Anybody can present tokens: these are the queries that they may cause at a time. */
    private static final int MAX_QUERIES = 20;

    private static final long TIMEOUT_MS = 3_000;
    private static final int RETRY_AFTER_S = 5;

    private final Pool pool;
    private final AtomicInteger queries = new AtomicInteger();

    public WallTokens(Pool pool) {
        this.pool = pool;
    }

    /**
     * The caller of a valid token, with the scope {@code live:read} only. Fails with {@link InvalidTokenException}, or with
     * {@link KeysUnavailableException} if the database does not respond.
     */
    public Future<Caller> verify(String token) {
        if (!WallToken.isWellFormed(token)) {
            return Future.failedFuture(new InvalidTokenException("it does not have the form of a wall token"));
        }
        if (queries.incrementAndGet() > MAX_QUERIES) {
            queries.decrementAndGet();
            return Future.failedFuture(unavailable());
        }
        return pool.preparedQuery(VALID)
                .execute(Tuple.of(WallToken.hash(token)))
                .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .onComplete(done -> queries.decrementAndGet())
                .recover(failure -> Future.failedFuture(unavailable()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw new InvalidTokenException("the wall token is unknown, revoked or expired");
                    }
                    Row row = rows.iterator().next();
                    return new Caller(
                            SUBJECT + row.getLong("token_id"),
                            SCOPES,
                            row.getOffsetDateTime("expires_at").toInstant());
                });
    }

    /** Whether the caller was admitted with a wall token: it has no other scope. */
    public static boolean isWall(Caller caller) {
        return caller.scopes().equals(SCOPES);
    }

    /** Those of the subjects of {@link #verify} whose token is still valid. Fails if the database does not respond. */
    public Future<Set<String>> stillValid(Collection<String> subjects) {
        Long[] ids = subjects.stream()
                .map(subject -> Long.valueOf(subject.substring(SUBJECT.length())))
                .toArray(Long[]::new);
        return pool.preparedQuery(VALID_OF)
                .execute(Tuple.tuple().addArrayOfLong(ids))
                .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> SUBJECT + row.getLong("token_id"))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static KeysUnavailableException unavailable() {
        return new KeysUnavailableException("wall tokens cannot be read", RETRY_AFTER_S);
    }
}
