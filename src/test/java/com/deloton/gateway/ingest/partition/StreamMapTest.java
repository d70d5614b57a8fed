package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

class StreamMapTest {
    enum Action {
        FIND_OR_ADD,
        RESTORE,
        REMOVE
    }

    @SuppressWarnings("ArrayRecordComponent") // read only
    record Step(Action action, byte @Nullable [] key) {}

    @Property
    void findsWhatAMapByTheTextOfTheKeyWouldFind(@ForAll("steps") List<Step> steps) {
        StreamMap streams = new StreamMap();
        Map<String, BikeStream> expected = new HashMap<>();
        for (Step step : steps) {
            streams.touch(step.key());
            String text = StreamKeys.text(step.key());
            String key = text == null ? "" : text;
            switch (step.action()) {
                case FIND_OR_ADD -> {
                    BikeStream found = streams.get(step.key());
                    assertThat(found).isSameAs(expected.get(key));
                    if (found == null) {
                        expected.put(key, streams.add(step.key()));
                    }
                }
                case RESTORE -> {
                    if (!expected.containsKey(key)) {
                        BikeStream restored = new BikeStream(key);
                        streams.restore(restored);
                        expected.put(key, restored);
                    }
                }
                case REMOVE -> {
                    BikeStream removed = expected.remove(key);
                    if (removed != null) {
                        streams.remove(removed);
                    }
                    assertThat(streams.get(step.key())).isNull();
                }
            }
            assertThat(streams.size()).isEqualTo(expected.size());
        }

        assertThat(streams.all()).containsExactlyInAnyOrderElementsOf(expected.values());
        assertThat(streams.all()).allSatisfy(stream -> assertThat(expected).containsEntry(stream.key, stream));
    }

    @Example
    void manyStreamsAreFoundAfterOthersHaveGone() {
        StreamMap streams = new StreamMap();
        int count = 10_000;
        for (int i = 0; i < count; i++) {
            assertThat(streams.add(key(i)).key).isEqualTo("bike-" + i);
        }
        for (int i = 0; i < count; i += 2) {
            streams.remove(requireNonNull(streams.get(key(i))));
        }

        assertThat(streams.size()).isEqualTo(count / 2);
        for (int i = 0; i < count; i++) {
            assertThat(streams.get(key(i)) != null).isEqualTo(i % 2 == 1);
        }
    }

    @Example
    void theBytesOfALongKeyAreNotKept() {
        StreamMap streams = new StreamMap();

        BikeStream stream = streams.add(new byte[StreamKeys.MAX_BYTES + 1]);

        assertThat(stream.keyBytes).isNull();
        assertThat(streams.get(new byte[StreamKeys.MAX_BYTES + 1])).isSameAs(stream);
    }

    private static byte[] key(int bike) {
        return ("bike-" + bike).getBytes(UTF_8);
    }

    /** Few different keys, so that most steps meet an earlier one. */
    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<byte[]> text = Arbitraries.integers().between(0, 40).map(StreamMapTest::key);
        Arbitrary<byte[]> binary = Arbitraries.bytes()
                .between((byte) -2, (byte) 1)
                .array(byte[].class)
                .ofMaxSize(3);
        Arbitrary<byte[]> aroundTheLimit = Arbitraries.integers()
                .between(StreamKeys.MAX_BYTES - 1, StreamKeys.MAX_BYTES + 2)
                .map(length -> "k".repeat(length).getBytes(UTF_8));
        Arbitrary<byte[]> prefixed =
                Arbitraries.of("0x", "0x30", "sha256:", "sha256:00").map(k -> k.getBytes(UTF_8));
        Arbitrary<Step> withKey = Combinators.combine(
                        Arbitraries.of(Action.class), Arbitraries.oneOf(text, binary, aroundTheLimit, prefixed))
                .as(Step::new);
        Arbitrary<Step> withoutKey = Arbitraries.of(Action.class).map(action -> new Step(action, null));
        return Arbitraries.frequencyOf(Tuple.of(19, withKey), Tuple.of(1, withoutKey))
                .list()
                .ofMaxSize(200);
    }
}
