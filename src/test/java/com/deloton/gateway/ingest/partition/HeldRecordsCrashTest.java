package com.deloton.gateway.ingest.partition;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ingest.partition.FlushBatch.HeldRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Held records across flushes and crashes: each record is used once in what the warehouse has. */
class HeldRecordsCrashTest {
    enum Kind {
        /** A record arrives that has to wait. */
        HOLD,
        /** A record of another stream arrives, which is used at once. */
        PASS,
        RELEASE,
        FLUSH,
        /** The partition is restored from the warehouse. */
        CRASH
    }

    record Step(Kind kind, int key) {}

    @Property(tries = 500)
    void everyRecordBeforeThePositionIsEitherUsedOnceOrHeld(
            @ForAll @Size(max = 60) List<Kind> kinds, @ForAll @IntRange(min = 1, max = 4) int keys) {
        Model model = new Model();
        for (int i = 0; i < kinds.size(); i++) {
            model.take(new Step(kinds.get(i), (i * 7 + i / 3) % keys));
        }
        model.end();
    }

    @Property(tries = 200)
    void theRecordsOfAKeyAreReleasedInTheirOrder(@ForAll @Size(max = 60) List<@IntRange(max = 3) Integer> keys) {
        HeldRecords held = new HeldRecords(List.of());
        for (int i = 0; i < keys.size(); i++) {
            held.add(record(i, keys.get(i)));
        }
        for (HeldRecords.Key key : held.keys()) {
            assertThat(held.release(key.text())).extracting(HeldRecord::offset).isSorted();
        }
        assertThat(held.size()).isZero();
        assertThat(held.takeUnstored()).isEmpty();
        assertThat(held.takeReleased()).isEmpty();
    }

    private static HeldRecord record(long offset, int key) {
        return new HeldRecord(offset, 0, "bike-" + key, new byte[] {1}, offset);
    }

    /** A log, its reader, and the warehouse that the reader's flushes write. */
    private static final class Model {
        private HeldRecords held = new HeldRecords(List.of());
        private long next;
        private final List<Long> used = new ArrayList<>();

        private long position;
        private final Map<Long, HeldRecord> rows = new TreeMap<>();
        private final List<Long> usedRows = new ArrayList<>();

        void take(Step step) {
            switch (step.kind()) {
                case HOLD -> held.add(record(next++, step.key()));
                case PASS -> used.add(next++);
                case RELEASE -> release("bike-" + step.key());
                case FLUSH -> flush();
                case CRASH -> {
                    held = new HeldRecords(List.copyOf(rows.values()));
                    next = position;
                    used.clear();
                }
            }
        }

        private void release(String key) {
            held.release(key).forEach(record -> used.add(record.offset()));
        }

        private void flush() {
            held.takeUnstored().forEach(record -> rows.put(record.offset(), record));
            held.takeReleased()
                    .forEach(offset -> assertThat(rows.remove(offset)).isNotNull());
            usedRows.addAll(used);
            used.clear();
            position = next;
            List<Long> accounted = new ArrayList<>(usedRows);
            accounted.addAll(rows.keySet());
            assertThat(accounted)
                    .containsExactlyInAnyOrderElementsOf(
                            LongStream.range(0, position).boxed().toList());
            assertThat(held.isChanged()).isFalse();
            assertThat(held.size()).isEqualTo(rows.size());
        }

        void end() {
            held.keys().forEach(key -> release(key.text()));
            flush();
            assertThat(rows).isEmpty();
            assertThat(usedRows).hasSize((int) next);
        }
    }
}
