package com.deloton.gateway.ingest.partition;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a partition's log is still the one that its position belongs to. It is another if the topic was created again, or if
 * the log became shorter than what is stored, as after the loss of a broker's disk or an unclean election of a leader: new
 * records have the offsets of stored ones then. The latter is remembered in the database, since the log soon grows beyond the
 * position. Confined to one event loop.
 */
public final class PositionCheck {
    /** For how long a log is too short until that is a fact: a leader that was just elected may be behind for a moment. */
    private static final Duration CERTAIN = Duration.ofSeconds(5);

    private static final String NOTE = """
            UPDATE ingest_position SET truncated_at = coalesce(truncated_at, $3)
            WHERE topic = $1 AND partition = $2 AND next_offset > $3
            RETURNING truncated_at, next_offset""";

    private static final String FIND = """
            SELECT truncated_at, next_offset FROM ingest_position
            WHERE topic = $1 AND partition = $2 AND truncated_at IS NOT NULL""";

    private final Pool pool;
    private final String topic;
    private final Map<Integer, Long> tooShortSince = new HashMap<>();
    private final Map<Integer, Long> divergedAt = new HashMap<>();

    public PositionCheck(Pool pool, String topic) {
        this.pool = pool;
        this.topic = topic;
    }

    /** Kafka says that the log is the one that was read only up to {@code offset}. */
    public void diverged(int partition, long offset) {
        divergedAt.put(partition, offset);
    }

    /**
     * Why a partition must not be read on from its position; null if it may be.
     *
     * @param topicId of the topic as it is now
     * @param end of the log
     */
    public Future<@Nullable String> check(int partition, Recovery.State state, String topicId, long end) {
        long stored = state.position().nextOffset();
        if (state.topicId() != null && !state.topicId().equals(topicId)) {
            divergedAt.remove(partition);
            tooShortSince.remove(partition);
            return Future.<@Nullable String>succeededFuture(
                    "the topic was deleted and created again: the stored offset %d belongs to the topic with id %s, Kafka has %s; see the command position"
                            .formatted(stored, state.topicId(), topicId));
        }
        return checkEnd(partition, stored, end);
    }

    private Future<@Nullable String> checkEnd(int partition, long stored, long end) {
        Long diverged = divergedAt.remove(partition);
        long valid = diverged == null ? end : Math.min(end, diverged);
        if (stored <= valid) {
            tooShortSince.remove(partition);
            return pool.preparedQuery(FIND)
                    .execute(Tuple.of(topic, partition))
                    .<@Nullable String>map(rows -> reason(partition, rows));
        }
        long now = System.nanoTime();
        long since = tooShortSince.computeIfAbsent(partition, number -> now);
        if (diverged == null && now - since < CERTAIN.toNanos()) {
            return Future.<@Nullable String>succeededFuture(
                    "the stored offset is %d, but the topic ends at %d; was the topic created again? see the command position"
                            .formatted(stored, end));
        }
        return pool.preparedQuery(NOTE)
                .execute(Tuple.of(topic, partition, valid))
                .<@Nullable String>map(rows -> reason(partition, rows));
    }

    private @Nullable String reason(int partition, Iterable<Row> rows) {
        for (Row row : rows) {
            long from = row.getLong(0);
            return "Kafka has lost stored records: the log of %s-%d ended at offset %d, and %d are stored; expected a decision, for example position --partition %d --continue-at %d"
                    .formatted(topic, partition, from, row.getLong(1), partition, from);
        }
        return null;
    }
}
