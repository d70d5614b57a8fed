package com.deloton.gateway.ingest.moved;

import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.Recovery;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The rows of open rides that move between the partitions of a topic. */
public final class MovedRideStore {
    private static final String POSITIONS =
            "SELECT partition, source_id, epoch, next_offset FROM ingest_position WHERE topic = $1";

    /** Rides that have not moved yet, and rides that moved to {@code $2} by a transaction whose answer was lost. */
    private static final String CANDIDATES = """
            SELECT stream_key, ride_id, source_id FROM ride
            WHERE status = 'open' AND source_id = ANY ($1) AND stream_key = ANY ($3)
                AND (source_id = $2) = (ride_id % 4096 <> source_id)
            ORDER BY started_at, ride_id""";

    /** Keys whose earliest held record is not in partition {@code $2}. */
    private static final String HELD_EARLIER = """
            SELECT record_key FROM (
                SELECT DISTINCT ON (record_key) record_key, source_id FROM held_record
                WHERE source_id = ANY ($1) AND record_key = ANY ($3)
                ORDER BY record_key, record_at, source_id) earliest
            WHERE source_id <> $2""";

    private static final String LOCK = """
            SELECT source_id, epoch FROM ingest_position WHERE source_id = ANY ($1) ORDER BY source_id FOR UPDATE""";

    /** Not where a ride of the key has begun in the new partition meanwhile. */
    private static final String MOVE_RIDES = """
            UPDATE ride r SET source_id = $1
            WHERE ride_id = ANY ($2) AND status = 'open' AND source_id = ANY ($3)
                AND NOT EXISTS (
                    SELECT FROM ride o WHERE o.source_id = $1 AND o.stream_key = r.stream_key AND o.status = 'open')
            RETURNING ride_id""";

    /** Chunks are read in the order of these offsets, and those of the new partition come later. */
    private static final String MOVE_CHUNKS =
            "UPDATE reading_chunk SET next_offset = next_offset - (1::bigint << 62) WHERE ride_id = $1";

    /** From here on the flushes of the former owners are refused, whose memory still has the rides. */
    private static final String FENCE = "UPDATE ingest_position SET epoch = epoch + 1 WHERE source_id = ANY ($1)";

    private final Pool pool;

    public MovedRideStore(Pool pool) {
        this.pool = pool;
    }

    /** A partition as the warehouse has it. */
    record Stored(int partition, int sourceId, long epoch, long nextOffset) {}

    /** An open ride of a key, and the partition that it is read from. */
    record Candidate(long rideId, int sourceId, int partition) {}

    /** By number of the partition. */
    Future<Map<Integer, Stored>> positions(String topic) {
        return pool.preparedQuery(POSITIONS).execute(Tuple.of(topic)).map(rows -> {
            Map<Integer, Stored> stored = new HashMap<>();
            for (Row row : rows) {
                int partition = row.getInteger(0);
                stored.put(partition, new Stored(partition, row.getInteger(1), row.getLong(2), row.getLong(3)));
            }
            return stored;
        });
    }

    /** The latest open ride of each key that may continue in partition {@code sourceId}, by key. */
    Future<Map<String, Candidate>> candidates(Collection<Stored> positions, int sourceId, Set<String> keys) {
        Map<Integer, Integer> partitions = new HashMap<>();
        positions.forEach(stored -> partitions.put(stored.sourceId(), stored.partition()));
        return pool.preparedQuery(CANDIDATES)
                .execute(Tuple.of(partitions.keySet().toArray(Integer[]::new), sourceId, keys.toArray(String[]::new)))
                .map(rows -> {
                    Map<String, Candidate> found = new HashMap<>();
                    for (Row row : rows) {
                        int source = row.getInteger(2);
                        found.put(
                                row.getString(0),
                                new Candidate(row.getLong(1), source, Objects.requireNonNull(partitions.get(source))));
                    }
                    return found;
                });
    }

    /**
     * Those of the keys of which another partition holds earlier records than partition {@code sourceId}: a ride may begin with
     * them.
     */
    Future<Set<String>> heldEarlier(Collection<Stored> positions, int sourceId, Set<String> keys) {
        return pool.preparedQuery(HELD_EARLIER)
                .execute(Tuple.of(
                        positions.stream().map(Stored::sourceId).toArray(Integer[]::new),
                        sourceId,
                        keys.toArray(String[]::new)))
                .map(rows -> {
                    Set<String> held = new HashSet<>();
                    rows.forEach(row -> held.add(row.getString(0)));
                    return held;
                });
    }

    /**
     * Makes {@code to} the partition of these rides, in one transaction.
     *
     * @return the rides without those that have ended meanwhile; none if {@code to} has another epoch now
     */
    Future<List<Partition.RestoredRide>> move(Stored to, Collection<Candidate> rides) {
        Long[] ids = rides.stream().map(Candidate::rideId).toArray(Long[]::new);
        Integer[] from = rides.stream()
                .map(Candidate::sourceId)
                .filter(source -> source != to.sourceId())
                .distinct()
                .toArray(Integer[]::new);
        return pool.<List<Partition.RestoredRide>>withTransaction(connection -> lock(connection, to, from)
                        .compose(owned -> owned
                                ? moveRows(connection, to, ids, from)
                                        .compose(v -> Recovery.openRides(connection, to.sourceId(), ids))
                                : Future.succeededFuture(List.of())))
                .map(Objects::requireNonNull);
    }

    private static Future<Void> moveRows(SqlConnection connection, Stored to, Long[] ids, Integer[] from) {
        return connection
                .preparedQuery(MOVE_RIDES)
                .execute(Tuple.of(to.sourceId(), ids, from))
                .compose(rows -> {
                    List<Tuple> moved = new ArrayList<>();
                    rows.forEach(row -> moved.add(Tuple.of(row.getLong(0))));
                    return moved.isEmpty()
                            ? Future.succeededFuture()
                            : connection
                                    .preparedQuery(MOVE_CHUNKS)
                                    .executeBatch(moved)
                                    .compose(v -> connection
                                            .preparedQuery(FENCE)
                                            .execute(Tuple.tuple().addArrayOfInteger(from)))
                                    .mapEmpty();
                });
    }

    /** Waits for the flushes of the partitions; says whether {@code to} still has its epoch. */
    private static Future<Boolean> lock(SqlConnection connection, Stored to, Integer[] from) {
        Integer[] sources = new Integer[from.length + 1];
        System.arraycopy(from, 0, sources, 0, from.length);
        sources[from.length] = to.sourceId();
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.tuple().addArrayOfInteger(sources))
                .map(rows -> {
                    boolean owned = false;
                    for (Row row : rows) {
                        owned |= row.getInteger(0) == to.sourceId() && row.getLong(1) == to.epoch();
                    }
                    return owned;
                });
    }
}
