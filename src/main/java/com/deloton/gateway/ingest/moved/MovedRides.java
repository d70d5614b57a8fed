package com.deloton.gateway.ingest.moved;

import com.deloton.gateway.ingest.moved.MovedRideStore.Candidate;
import com.deloton.gateway.ingest.moved.MovedRideStore.Stored;
import com.deloton.gateway.ingest.partition.HeldRecords;
import com.deloton.gateway.ingest.partition.IngestMeters;
import com.deloton.gateway.ingest.partition.Partition;
import com.deloton.gateway.ingest.partition.TopicGrowth;
import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles the held records of the partitions read here, in rounds. A ride follows its key once the partition that it was in is
 * stored up to the end which it had {@link HeldRecords#SKEW} after the key's first record arrived elsewhere: the bike's
 * earlier records are part of the ride by then. Without such a ride, the records begin one, those of the partition with the
 * key's earliest records first. A ride moves once. Confined to one event loop.
 */
public final class MovedRides {
    private static final Logger LOG = LoggerFactory.getLogger(MovedRides.class);
    private static final Duration ROUND = Duration.ofMillis(500);

    private final Vertx vertx;
    private final String topic;
    private final TopicGrowth growth;
    private final MovedRideStore store;
    private final IngestMeters meters;
    private final Supplier<Future<Ends>> topicEnds;
    private final Readers readers;
    private final FaultLog faults = new FaultLog(LOG, "Looking for the open rides of keys that moved");
    private final Set<Integer> stuck = new TreeSet<>();
    private boolean running;

    /**
     * The end of each partition of the topic.
     *
     * @param askedAt {@link System#nanoTime} of the question: no offset is older
     */
    public record Ends(Map<Integer, Long> offsets, long askedAt) {}

    /** The partitions that are read here. */
    public interface Readers {
        Collection<Partition> partitions();

        /** The state of a partition that had this epoch is no longer that of the warehouse. */
        void outdated(int partition, long epoch);
    }

    public MovedRides(
            Vertx vertx,
            String topic,
            TopicGrowth growth,
            MovedRideStore store,
            IngestMeters meters,
            Supplier<Future<Ends>> topicEnds,
            Readers readers) {
        this.vertx = vertx;
        this.topic = topic;
        this.growth = growth;
        this.store = store;
        this.meters = meters;
        this.topicEnds = topicEnds;
        this.readers = readers;
    }

    /** To be called when records may have been held; continues by itself until none is. */
    public void settle() {
        if (running || readers.partitions().stream().allMatch(partition -> partition.heldRecords() == 0)) {
            return;
        }
        running = true;
        topicEnds
                .get()
                .compose(this::round)
                .onSuccess(v -> faults.succeeded())
                .onFailure(failure -> faults.failed(String.valueOf(failure.getMessage()), failure))
                .onComplete(done -> vertx.setTimer(ROUND.toMillis(), t -> {
                    running = false;
                    settle();
                }));
    }

    private Future<Void> round(Ends ends) {
        List<Partition> waiting = List.copyOf(readers.partitions());
        if (!growth.isRecent()) {
            for (Partition partition : waiting) {
                partition.heldKeys().stream()
                        .filter(key -> ends.askedAt() >= key.since())
                        .forEach(key -> use(partition, () -> partition.release(key.text())));
            }
            return Future.succeededFuture();
        }
        waiting.forEach(partition -> partition.heldKeys().forEach(key -> key.observe(ends.offsets(), ends.askedAt())));
        return store.positions(topic).compose(positions -> {
            stuck.removeIf(number -> HeldKeyOutcome.isPassed(ends.offsets(), positions.get(number)));
            Future<Void> done = Future.succeededFuture();
            for (Partition partition : waiting) {
                done = done.compose(v -> settle(partition, positions));
            }
            return done;
        });
    }

    private Future<Void> settle(Partition partition, Map<Integer, Stored> positions) {
        Stored own = positions.get(partition.number());
        Map<String, HeldRecords.Key> keys = partition.heldKeys().stream()
                .filter(key -> key.ends() != null)
                .collect(Collectors.toMap(HeldRecords.Key::text, key -> key));
        if (keys.isEmpty() || own == null || own.epoch() != partition.epoch()) {
            return Future.succeededFuture();
        }
        return store.heldEarlier(positions.values(), own.sourceId(), keys.keySet())
                .compose(heldEarlier -> store.candidates(positions.values(), own.sourceId(), keys.keySet())
                        .compose(rides -> settle(partition, own, positions, keys, heldEarlier, rides)));
    }

    private Future<Void> settle(
            Partition partition,
            Stored own,
            Map<Integer, Stored> positions,
            Map<String, HeldRecords.Key> keys,
            Set<String> heldEarlier,
            Map<String, Candidate> rides) {
        List<Candidate> ready = new ArrayList<>();
        keys.forEach((text, key) -> {
            Candidate ride = rides.get(text);
            switch (HeldKeyOutcome.of(key, own, positions, heldEarlier.contains(text), ride, stuck)) {
                case WAIT -> {}
                case MOVE -> {
                    if (ride != null) {
                        ready.add(ride);
                    }
                }
                case USE -> use(partition, () -> partition.release(text));
                case GIVE_UP -> giveUp(partition, key, positions);
            }
        });
        return ready.isEmpty() ? Future.succeededFuture() : move(partition, own, positions, ready);
    }

    private void giveUp(Partition partition, HeldRecords.Key key, Map<Integer, Stored> positions) {
        Map<Integer, Long> ends = key.ends();
        if (ends != null) {
            positions.values().stream()
                    .filter(other -> !HeldKeyOutcome.isPassed(ends, other))
                    .forEach(other -> stuck.add(other.partition()));
        }
        LOG.warn(
                "The records of a key in {}-{} from offset {} on have waited for {} s for partitions {}, which are not read to their end: they begin a ride of an unknown rider",
                topic,
                partition.number(),
                key.firstOffset(),
                ROUND.multipliedBy(HeldKeyOutcome.MAX_ROUNDS).toSeconds(),
                stuck);
        meters.heldKeyGivenUp();
        use(partition, () -> partition.release(key.text()));
    }

    private Future<Void> move(Partition partition, Stored own, Map<Integer, Stored> positions, List<Candidate> rides) {
        return store.move(own, rides).map(moved -> {
            if (moved.isEmpty()) {
                return null;
            }
            Set<Integer> former = new TreeSet<>();
            rides.forEach(ride -> former.add(ride.partition()));
            former.remove(partition.number());
            meters.ridesMoved(moved.size());
            LOG.info(
                    "{} open rides moved with their keys from partitions {} to {}-{}",
                    moved.size(),
                    former,
                    topic,
                    partition.number());
            use(partition, () -> moved.forEach(partition::adopt));
            for (int number : former) {
                Stored stored = positions.get(number);
                if (stored != null) {
                    readers.outdated(number, stored.epoch());
                }
            }
            return null;
        });
    }

    /** A partition that cannot use its held records is restored from the warehouse, which still has them. */
    private void use(Partition partition, Runnable work) {
        if (!readers.partitions().contains(partition)) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException bug) {
            LOG.error("Held records of {}-{} cannot be handled", topic, partition.number(), bug);
            readers.outdated(partition.number(), partition.epoch());
        }
    }

    /** Finds partitions whose rides another process has moved. */
    public void compareEpochs() {
        if (!growth.isRecent()) {
            return;
        }
        Map<Integer, Long> epochs = new HashMap<>();
        readers.partitions().forEach(partition -> epochs.put(partition.number(), partition.epoch()));
        store.positions(topic)
                .onSuccess(positions -> epochs.forEach((number, epoch) -> {
                    @Nullable Stored stored = positions.get(number);
                    if (stored != null && stored.epoch() > epoch) {
                        readers.outdated(number, epoch);
                    }
                }))
                .onFailure(failure -> LOG.debug("Cannot compare the epochs of partitions: {}", failure.toString()));
    }
}
