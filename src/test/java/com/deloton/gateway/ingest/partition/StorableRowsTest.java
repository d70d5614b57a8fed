package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.model.WireFormat;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Whatever the records contain, their rows fit into the columns of the warehouse. */
class StorableRowsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
    private static final OffsetDateTime EARLIEST = OffsetDateTime.parse("1999-12-30T00:00:00Z");
    private static final OffsetDateTime LATEST = OffsetDateTime.parse("2026-12-03T00:00:00Z");
    private static final int MAX_INDEXED_BYTES = 2_600;

    private static final DetachedPartitions PARTITIONS = new DetachedPartitions(10);

    @AfterContainer
    static void stop() {
        PARTITIONS.close();
    }

    @Property(tries = 300)
    void everyRowFitsItsColumns(@ForAll @Size(min = 1, max = 40) List<@From("lines") String> lines) {
        Partition partition = PARTITIONS.partition(0);
        PARTITIONS.events.clear();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = 0;
        for (String line : lines) {
            records.add(new ConsumerRecord<>("deloton", 0, offset++, "bike".getBytes(UTF_8), WireFormat.record(line)));
        }
        partition.accept(records, NOW.getEpochSecond() * 1_000_000, 0);
        check(partition.takeBatch());
        long later = System.nanoTime() + Duration.ofHours(3).toNanos();
        partition.abandonSilent(Duration.ofHours(1), offset, later);
        check(partition.takeBatch());
    }

    private static void check(@Nullable FlushBatch batch) {
        if (batch == null) {
            return;
        }
        batch.started().forEach(row -> check(RowMapper.rideStart(row, 1)));
        batch.chunks().forEach(row -> checkChunk(RowMapper.chunk(row)));
        batch.quarantined().forEach(row -> check(RowMapper.quarantined(1, row)));
        batch.ended().forEach(row -> check(RowMapper.rideEnd(row)));
        batch.ended().stream().filter(row -> row.series() != null).forEach(row -> check(RowMapper.series(row)));
    }

    /** The time of a pending line is stored as it came. */
    private static void checkChunk(Tuple row) {
        values(row).filter(value -> !(value instanceof OffsetDateTime)).forEach(StorableRowsTest::checkValue);
    }

    private static void check(Tuple row) {
        values(row).forEach(StorableRowsTest::checkValue);
    }

    /** Without those that are null. */
    private static Stream<Object> values(Tuple row) {
        return IntStream.range(0, row.size())
                .mapToObj(row::getValue)
                .flatMap(value -> value instanceof Object[] array ? Arrays.stream(array) : Stream.ofNullable(value))
                .filter(Objects::nonNull);
    }

    private static void checkValue(Object value) {
        if (value instanceof String text) {
            assertThat(text).doesNotContain("\0");
            assertThat(text.getBytes(UTF_8).length).isLessThan(MAX_INDEXED_BYTES);
        } else if (value instanceof OffsetDateTime time) {
            assertThat(time).isBetween(EARLIEST, LATEST);
        } else if (value instanceof Double figure) {
            assertThat(figure).isFinite();
        } else if (value instanceof Float figure) {
            assertThat(figure).isFinite();
            assertThat(Float.floatToRawIntBits(figure)).as("-0.0").isNotEqualTo(Float.floatToRawIntBits(-0.0f));
        }
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> times = Arbitraries.of(
                "2026-11-30 07:59:58",
                "2026-11-30 07:59:59.5",
                "2026-11-30 08:00:00.999999",
                "2026-11-30 08:00:01",
                "2026-03-29 01:30:00",
                "2026-10-25 01:30:00.000001",
                "2024-02-29 23:59:59.999999",
                "2026-02-29 12:00:00",
                "2026-11-30 23:59:60",
                "2026-11-30 24:00:00",
                "1970-01-01 00:00:00",
                "0001-01-01 00:00:00",
                "9999-12-31 23:59:59.999999",
                "2026-12-01 07:59:59",
                "2038-01-19 03:14:08");
        Arbitrary<String> numbers = Arbitraries.of(
                "0",
                "-0.0",
                "1",
                "2.0",
                "3",
                "-1",
                "29",
                "30",
                "250",
                "251",
                "255",
                "256",
                "3000",
                "3000.0001",
                "32767",
                "32768",
                "65536",
                "86400",
                "86401",
                "2147483647",
                "2147483648",
                "-2147483649",
                "9223372036854775808",
                "1e-46",
                "4.9e-324",
                "1e308",
                "1e400",
                "-1e400",
                "nan",
                "inf",
                "-inf",
                "None",
                "null",
                "1_000",
                "1,5",
                "0x5C",
                "１２",
                "twelve",
                "");
        Arbitrary<String> values = Arbitraries.of(
                "null",
                "true",
                "[]",
                "{}",
                "0",
                "-1",
                "1.5",
                "1e400",
                "9223372036854775808",
                "-62135596800000",
                "253402300800000",
                "1e18",
                "\"\"",
                "\" \"",
                "\"f\"",
                "\"MALE \"",
                "\"İ\"",
                "\"a\\u0000b\"",
                "\"\\ud800\"",
                "\"Mr \"",
                "\"Mr. Dr. X\"",
                "\"7\"",
                "\"" + "x".repeat(3_000) + "\"",
                "\"" + "😀".repeat(100) + "\"",
                "\"a,b,c,d,e,f\"",
                "\"" + ",".repeat(2_000) + "\"",
                "\"" + "y,".repeat(900) + "z\"",
                "\"rider@example.com\"",
                "\"a\\r\\nBcc: b@example.com\"",
                "\"1990-01-01\"",
                "\"٣\"");
        Arbitrary<String> fields = Arbitraries.of(
                "user_id",
                "name",
                "gender",
                "address",
                "date_of_birth",
                "email_address",
                "height_cm",
                "weight_kg",
                "account_create_date",
                "bike_serial",
                "original_source",
                "user_id\\u0000",
                "");
        Arbitrary<String> members =
                Combinators.combine(fields, values).as((name, value) -> "\"" + name + "\":" + value);
        return Arbitraries.oneOf(
                Combinators.combine(times, numbers, numbers)
                        .as((at, duration, resistance) -> at + " mendoza v9: [INFO]: Ride - duration = " + duration
                                + "; resistance = " + resistance),
                Combinators.combine(times, numbers, numbers, numbers)
                        .as((at, bpm, rpm, power) -> at + " mendoza v9: [INFO]: Telemetry - hrt = " + bpm + "; rpm = "
                                + rpm + "; power = " + power),
                Combinators.combine(times, members.list().ofMaxSize(14))
                        .as((at, list) ->
                                at + " mendoza v9: [SYSTEM] data = {\"user_id\":5," + String.join(",", list) + "}"),
                times.map(at -> at + " mendoza v9: Getting user data from server.."),
                Arbitraries.of("--------- beginning of main", "--------- beginning of a new ride", "\0", "\ud800"));
    }
}
