package com.deloton.gateway.ingest;

import com.deloton.gateway.bench.TrackedTopic;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** From the end of one of several gateways until the others read its partitions. */
final class TakeOver {
    private static final Pattern READING = Pattern.compile("Reading \\S+ from offset ");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private TakeOver() {}

    /** Ends a gateway. */
    interface End {
        void run() throws Exception;
    }

    /**
     * Seconds from the begin of the end, one for each partition that another gateway then read.
     *
     * @param partitions the least number of partitions that the gateway has
     */
    static List<Double> seconds(TrackedTopic topic, Warehouse warehouse, List<ChildJvm> others, int partitions, End end)
            throws Exception {
        long before = partitionsRead(others);
        long begin = System.nanoTime();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> ended = thread.submit(() -> {
                end.run();
                return null;
            });
            List<Double> seconds = new ArrayList<>();
            Map<Integer, Long> ends = Map.of();
            while (seconds.size() < partitions || !ended.isDone() || !isStored(topic, warehouse, ends)) {
                double now = (System.nanoTime() - begin) / 1e9;
                if (now > LIMIT.toSeconds()) {
                    throw new IllegalStateException("not all partitions were taken over within " + LIMIT);
                }
                long read = partitionsRead(others) - before;
                while (seconds.size() < read) {
                    seconds.add(now);
                }
                if (ends.isEmpty() && ended.isDone()) {
                    ends = topic.ends();
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            ended.get();
            return seconds;
        }
    }

    /** Whether all partitions are stored up to these offsets. */
    private static boolean isStored(TrackedTopic topic, Warehouse warehouse, Map<Integer, Long> ends) {
        return !ends.isEmpty()
                && warehouse
                        .rows("SELECT p.partition, " + Warehouse.STORED_TO + " FROM ingest_position p WHERE topic = '"
                                + topic.name() + "'")
                        .stream()
                        .allMatch(row -> (Long) row.getLast() >= ends.getOrDefault((Integer) row.getFirst(), 0L));
    }

    /** How often these gateways began to read a partition. */
    private static long partitionsRead(List<ChildJvm> gateways) {
        return gateways.stream()
                .mapToLong(
                        gateway -> READING.matcher(gateway.output()).results().count())
                .sum();
    }
}
