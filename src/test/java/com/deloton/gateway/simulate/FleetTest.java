package com.deloton.gateway.simulate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.simulate.model.RideScript;
import com.deloton.gateway.telemetry.Captures;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FleetTest {
    private static final long START = 1_667_500_920_000_000L;
    private static final Pattern RIDE =
            Pattern.compile("(\\S+ \\S+) .*Ride - duration = (\\d+)\\.0; resistance = (\\d+)\n");
    private static final Pattern TELEMETRY =
            Pattern.compile("(\\S+ \\S+) .*Telemetry - hrt = (\\d+); rpm = (\\d+); power = (\\S+)\n");
    private static final FleetOptions SHORT =
            FleetOptions.defaults().withBikes(3).withRideSeconds(40, 60).withPauseSeconds(0, 2);

    @Property(tries = 20)
    void equalOptionsGiveEqualBytes(@ForAll long seed) {
        FleetOptions options =
                SHORT.withSeed(seed).withFault(Fault.NOT_JSON, 0.1).withFault(Fault.DUPLICATE, 0.1);
        List<Fleet.Message> first = take(new Fleet(options, START), 800);
        List<Fleet.Message> second = take(new Fleet(options, START), 800);
        assertThat(text(first)).isEqualTo(text(second));
        assertThat(first)
                .extracting(Fleet.Message::key)
                .isEqualTo(second.stream().map(Fleet.Message::key).toList());
        assertThat(first)
                .extracting(Fleet.Message::dueMicros)
                .isEqualTo(second.stream().map(Fleet.Message::dueMicros).toList());
    }

    @Test
    void anotherSeedGivesOtherBytes() {
        assertThat(text(take(new Fleet(SHORT, START), 200)))
                .isNotEqualTo(text(take(new Fleet(SHORT.withSeed(2), START), 200)));
    }

    @Test
    void aBikeSaysOneLineEachHalfSecondAndTheLineSaysWhen() {
        FleetOptions one = SHORT.withBikes(1).withPauseSeconds(0, 0);
        long last = -1;
        for (Fleet.Message message : take(new Fleet(one, START), 500)) {
            assertThat(message.key()).isEqualTo("SN0000");
            if (last >= 0) {
                assertThat(message.dueMicros() - last).isBetween(500_010L, 500_040L);
            }
            last = message.dueMicros();
            Matcher line = TELEMETRY.matcher(log(message));
            if (line.matches()) {
                assertThat(micros(line.group(1))).isEqualTo(message.dueMicros());
            }
        }
    }

    @Test
    void recordsComeInTheOrderInWhichTheyAreDueAndEachBikeHasItsKey() {
        long last = START;
        HashSet<String> keys = new HashSet<>();
        for (Fleet.Message message : take(new Fleet(SHORT.withBikes(50), START), 5000)) {
            assertThat(message.dueMicros()).isGreaterThanOrEqualTo(last);
            last = message.dueMicros();
            keys.add(message.key());
        }
        assertThat(keys).hasSize(50);
    }

    @Test
    void aRideIsFourLinesAndThenPairs() {
        List<String> lines = text(take(new Fleet(SHORT.withBikes(1).withRideSeconds(3, 3), START), 20));
        for (int i = 0; i < 20; i += 10) {
            assertThat(lines.get(i)).isEqualTo("{\"log\": \"--------- beginning of main\\n\"}");
            assertThat(lines.get(i + 1)).isEqualTo("{\"log\": \"--------- beginning of a new ride\\n\"}");
            assertThat(lines.get(i + 2)).contains("Getting user data from server..\\n");
            assertThat(lines.get(i + 3)).contains("[SYSTEM] data = {\\\"user_id\\\":");
            assertThat(lines.get(i + 4)).contains("Ride - duration = 1.0; ");
            assertThat(lines.get(i + 5)).contains("Telemetry");
            assertThat(lines.get(i + 8)).contains("Ride - duration = 3.0; ");
            assertThat(lines.get(i + 9)).contains("Telemetry");
        }
    }

    @Test
    void linesHaveTheShapeOfCaptures() {
        List<String> capture = Captures.read(Captures.WHOLE_RIDE);
        HashSet<String> shapes = new HashSet<>();
        capture.forEach(line -> shapes.add(shape(line)));
        Fleet fleet = new Fleet(FleetOptions.defaults(), START);
        for (String line : text(take(fleet, 5000))) {
            if (!line.contains("[SYSTEM]")) {
                assertThat(shapes).contains(shape(line));
            }
        }
        String system = capture.get(3);
        String ours = text(take(fleet, 20000)).stream()
                .filter(line -> line.contains("[SYSTEM]") && !line.contains("null"))
                .findFirst()
                .orElseThrow();
        assertThat(members(ours)).isEqualTo(members(system));
    }

    @Test
    void theLedgerSaysWhatAnIndependentReaderOfTheLinesFinds() {
        List<ExpectedRide> ledger = new ArrayList<>();
        Fleet fleet = new Fleet(SHORT.withAbnormalHeartRate(0.5), START, ledger::add);
        List<Fleet.Message> said = take(fleet, 3001);
        fleet.finish();
        assertThat(readings(ledger)).isEqualTo(reread(said));
        assertThat(ledger).hasSizeGreaterThan(15);
        assertThat(ledger.stream().filter(ride -> !ride.ended())).hasSizeLessThanOrEqualTo(3);
        assertThat(ledger.stream().map(ride -> ride.bikeSerial() + ride.ordinal()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyRideOfARiderWithAnAbnormalHeartRateHasAnEpisodeAndNoOtherHas() {
        for (double share : new double[] {0, 1}) {
            List<ExpectedRide> ledger = new ArrayList<>();
            Fleet fleet = new Fleet(
                    SHORT.withBikes(20).withAbnormalHeartRate(share).withFault(Fault.MISSING_TELEMETRY, 0.2),
                    START,
                    ledger::add);
            take(fleet, 10_000);
            assertThat(ledger).isNotEmpty().allSatisfy(ride -> {
                assertThat(ride.readings()).hasSizeGreaterThanOrEqualTo(RideScript.MIN_ABNORMAL_RIDE_S - 5);
                assertThat(ride.episodes()).hasSize(share == 0 ? 0 : 1);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "NOT_JSON",
                "NO_LOG",
                "INVALID_UTF8",
                "UNKNOWN_LINE",
                "EMPTY",
                "TOO_LARGE",
                "BAD_TIMESTAMP",
                "BAD_NUMBER",
                "DUPLICATE"
            })
    void junkLeavesTheTruthAsItIs(Fault kind) {
        List<ExpectedRide> clean = new ArrayList<>();
        List<ExpectedRide> dirty = new ArrayList<>();
        Fleet cleanFleet = new Fleet(SHORT, START, clean::add);
        Fleet dirtyFleet = new Fleet(SHORT.withFault(kind, 0.3), START, dirty::add);
        List<String> good = text(take(cleanFleet, 1000));
        List<String> all = text(take(dirtyFleet, 1000));
        List<String> kept = new ArrayList<>();
        Map<String, String> last = new HashMap<>();
        for (Fleet.Message message : take(new Fleet(SHORT.withFault(kind, 0.3), START), 1000)) {
            String value = new String(message.value(), ISO_8859_1);
            if (kind == Fault.DUPLICATE
                    ? !value.equals(last.put(message.key(), value))
                    : !junk(kind, message.value())) {
                kept.add(value);
            }
        }
        assertThat(all.size() - kept.size()).isBetween(150, 320);
        assertThat(good).startsWith(kept.toArray(String[]::new));
        assertThat(dirty).isNotEmpty();
        Map<String, List<ExpectedRide.ExpectedReading>> truth = readings(clean);
        assertThat(truth).containsAllEntriesOf(readings(dirty));
        assertThat(dirty).allSatisfy(ride -> assertThat(ride.faults()).containsOnlyKeys(kind));
    }

    @Test
    void aSecondWithoutTelemetryHasItsRideLineOnly() {
        List<ExpectedRide.ExpectedReading> readings = readingsWith(Fault.MISSING_TELEMETRY);
        assertThat(readings).anySatisfy(r -> assertThat(r.heartRateBpm()).isNull());
        assertThat(readings).allSatisfy(r -> assertThat(r.resistance()).isNotNull());
    }

    @Test
    void aSecondWithoutRideHasItsTelemetryLineOnly() {
        List<ExpectedRide.ExpectedReading> readings = readingsWith(Fault.MISSING_RIDE);
        assertThat(readings).anySatisfy(r -> assertThat(r.resistance()).isNull());
        assertThat(readings).allSatisfy(r -> assertThat(r.heartRateBpm()).isNotNull());
    }

    @Test
    void valuesOutOfRangeAreSaidAndWrittenDownAsSaid() {
        assertThat(readingsWith(Fault.HEART_RATE_RANGE))
                .anySatisfy(r -> assertThat(r.heartRateBpm()).isEqualTo(999));
        assertThat(readingsWith(Fault.CADENCE_RANGE))
                .anySatisfy(r -> assertThat(r.cadenceRpm()).isEqualTo(999));
        assertThat(readingsWith(Fault.POWER_RANGE))
                .anySatisfy(r -> assertThat(r.powerW()).isEqualTo(99_999.0));
    }

    @Test
    void timesCanBeFarAway() {
        long year = 365L * 86_400 * 1_000_000;
        assertThat(readingsWith(Fault.FUTURE_TIME)).anyMatch(r -> r.atMicros() > START + 9 * year);
        assertThat(readingsWith(Fault.ANCIENT_TIME)).anyMatch(r -> r.atMicros() < START - 130 * year);
    }

    @Test
    void riderDataCanBeBroken() {
        assertThat(systemLines(Fault.NULL_FIELD)).allMatch(line -> line.contains(":null"));
        assertThat(systemLines(Fault.WRONG_TYPE)).allMatch(line -> line.contains(":[]"));
        assertThat(systemLines(Fault.SINGLE_QUOTED)).allMatch(line -> line.contains("data = {'user_id': "));
    }

    @Test
    void whatIsNotSaidOfARiderIsNotInTheLedger() {
        assertThat(systemLines(Fault.UNKNOWN_GENDER)).allMatch(line -> line.contains("\"gender\":\"unknown\""));
        assertThat(ledger(Fault.UNKNOWN_GENDER)).allSatisfy(ride -> {
            assertThat(ride.gender()).isNull();
            assertThat(ride.dateOfBirth()).isNotNull();
        });
        Pattern born = Pattern.compile("\"date_of_birth\":(-?\\d+)");
        long year2040 = 2_208_988_800_000L;
        assertThat(systemLines(Fault.BIRTH_DATE_RANGE)).allSatisfy(line -> {
            Matcher said = born.matcher(line);
            assertThat(said.find()).isTrue();
            assertThat(Long.parseLong(said.group(1))).matches(millis -> millis > year2040 || millis < -year2040);
        });
        assertThat(ledger(Fault.BIRTH_DATE_RANGE))
                .allSatisfy(ride -> assertThat(ride.dateOfBirth()).isNull())
                .as("no limits without an age")
                .allSatisfy(ride -> assertThat(ride.episodes()).isEmpty());
    }

    private static List<ExpectedRide> ledger(Fault always) {
        List<ExpectedRide> ledger = new ArrayList<>();
        Fleet fleet = new Fleet(SHORT.withFault(always, 1), START, ledger::add);
        take(fleet, 2000);
        fleet.finish();
        return ledger.stream().filter(ride -> ride.logOnMicros() != null).toList();
    }

    @Test
    void aBikeCanBeJoinedInTheMiddleOfItsFirstRide() {
        List<ExpectedRide> ledger = new ArrayList<>();
        Fleet fleet = new Fleet(SHORT.withBikes(20).withFault(Fault.JOIN_MID_RIDE, 1), START, ledger::add);
        List<Fleet.Message> said = take(fleet, 6000);
        fleet.finish();
        assertThat(said.stream().limit(20)).noneMatch(message -> log(message).contains("beginning"));
        assertThat(ledger).allSatisfy(ride -> {
            assertThat(ride.riderUserId() == null).isEqualTo(ride.ordinal() == 1);
            assertThat(ride.logOnMicros() == null).isEqualTo(ride.ordinal() == 1);
        });
    }

    @Property(tries = 20)
    void aLedgerRideReadsBackAsItself(@ForAll long seed) {
        List<ExpectedRide> ledger = new ArrayList<>();
        FleetOptions dirty = SHORT.withSeed(seed)
                .withAbnormalHeartRate(0.5)
                .withFault(Fault.MISSING_RIDE, 0.1)
                .withFault(Fault.MISSING_TELEMETRY, 0.1)
                .withFault(Fault.JOIN_MID_RIDE, 0.5);
        Fleet fleet = new Fleet(dirty, START, ledger::add);
        take(fleet, 700);
        fleet.finish();
        for (ExpectedRide ride : ledger) {
            assertThat(ride.toJson()).doesNotContain("\n");
            assertThat(ExpectedRide.fromJson(ride.toJson())).isEqualTo(ride);
        }
    }

    @Test
    void aFleetEndsAfterItsNumberOfMessages() {
        Fleet fleet = new Fleet(SHORT.withMessages(10), START);
        take(fleet, 10);
        assertThat(fleet.nextDueMicros()).isEqualTo(Long.MAX_VALUE);
        assertThatIllegalStateException().isThrownBy(fleet::next).withMessage("the fleet ended after 10 records");
    }

    @Test
    void invalidOptionsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHORT.withBikes(0))
                .withMessage("bikes 0 is not valid; expected a whole number from 1 to 100000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHORT.withAbnormalHeartRate(2))
                .withMessage("abnormal-heart-rate 2.0 is not valid; expected a share from 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHORT.withSpeed(Double.NaN))
                .withMessage("speed NaN is not valid; expected realtime, max or a number above 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHORT.withFault(Fault.EMPTY, -1))
                .withMessage("dirt EMPTY -1.0 is not valid; expected a rate from 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FleetOptions.Range.parse("9..3"))
                .withMessage("'9..3' is not a range; expected MIN..MAX with 0 <= MIN <= MAX <= 100000");
    }

    private static List<Fleet.Message> take(Fleet fleet, int count) {
        List<Fleet.Message> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(fleet.next());
        }
        return taken;
    }

    private static List<String> text(List<Fleet.Message> messages) {
        return messages.stream()
                .map(message -> new String(message.value(), ISO_8859_1))
                .toList();
    }

    private static String log(Fleet.Message message) {
        return new JsonObject(new String(message.value(), UTF_8)).getString("log");
    }

    private static String shape(String line) {
        return line.replaceAll("\\d+(\\.\\d+)?", "0");
    }

    private static List<String> members(String line) {
        String log = new JsonObject(line).getString("log");
        return List.copyOf(new JsonObject(log.substring(log.indexOf('{'))).fieldNames());
    }

    private static boolean junk(Fault kind, byte[] value) {
        String text = new String(value, ISO_8859_1);
        return switch (kind) {
            case EMPTY -> value.length == 0;
            case NO_LOG -> text.equals("{\"log\": null}");
            case INVALID_UTF8 -> text.contains("\u00ff\u00fe");
            case TOO_LARGE -> value.length > 200_000;
            case BAD_TIMESTAMP -> text.contains("2022-13-45");
            case BAD_NUMBER -> text.contains("duration = soon");
            case UNKNOWN_LINE -> text.contains("[WARN]");
            default -> notJson(text);
        };
    }

    private static boolean notJson(String text) {
        try {
            return new JsonObject(text).isEmpty();
        } catch (DecodeException e) {
            return true;
        }
    }

    private static List<ExpectedRide.ExpectedReading> readingsWith(Fault kind) {
        List<ExpectedRide> ledger = new ArrayList<>();
        Fleet fleet = new Fleet(SHORT.withFault(kind, 0.2), START, ledger::add);
        List<Fleet.Message> said = take(fleet, 2000);
        fleet.finish();
        if (kind != Fault.MISSING_RIDE && kind != Fault.MISSING_TELEMETRY) {
            assertThat(readings(ledger)).isEqualTo(reread(said));
        }
        int counted = ledger.stream()
                .mapToInt(ride -> ride.faults().getOrDefault(kind, 0))
                .sum();
        assertThat(counted).isBetween(120, 280);
        return ledger.stream().flatMap(ride -> ride.readings().stream()).toList();
    }

    private static List<String> systemLines(Fault kind) {
        return take(new Fleet(SHORT.withFault(kind, 1), START), 1000).stream()
                .map(FleetTest::log)
                .filter(line -> line.contains("[SYSTEM]"))
                .toList();
    }

    private static Map<String, List<ExpectedRide.ExpectedReading>> readings(List<ExpectedRide> ledger) {
        Map<String, List<ExpectedRide.ExpectedReading>> readings = new HashMap<>();
        ledger.forEach(ride -> readings.put(ride.bikeSerial() + "/" + ride.ordinal(), ride.readings()));
        return readings;
    }

    private static Map<String, List<ExpectedRide.ExpectedReading>> reread(List<Fleet.Message> said) {
        Map<String, List<ExpectedRide.ExpectedReading>> readings = new HashMap<>();
        Map<String, Integer> ordinals = new HashMap<>();
        Map<String, ExpectedRide.ExpectedReading> halves = new HashMap<>();
        for (Fleet.Message message : said) {
            String log = log(message);
            if (log.contains("beginning of main")) {
                ordinals.merge(message.key(), 1, Integer::sum);
            }
            String ride = message.key() + "/" + ordinals.get(message.key());
            Matcher first = RIDE.matcher(log);
            Matcher second = TELEMETRY.matcher(log);
            if (log.contains("Getting user data")) {
                readings.put(ride, new ArrayList<>());
            } else if (first.matches()) {
                halves.put(
                        ride,
                        new ExpectedRide.ExpectedReading(
                                Integer.parseInt(first.group(2)),
                                null,
                                null,
                                Integer.valueOf(first.group(3)),
                                null,
                                micros(first.group(1))));
            } else if (second.matches()) {
                ExpectedRide.ExpectedReading half = requireNonNull(halves.remove(ride));
                requireNonNull(readings.get(ride))
                        .add(new ExpectedRide.ExpectedReading(
                                half.elapsedS(),
                                Integer.valueOf(second.group(2)),
                                Integer.valueOf(second.group(3)),
                                half.resistance(),
                                Double.valueOf(second.group(4)),
                                micros(second.group(1))));
            }
        }
        halves.forEach((ride, half) -> requireNonNull(readings.get(ride)).add(half));
        return readings;
    }

    private static long micros(String timestamp) {
        LocalDateTime at = LocalDateTime.parse(timestamp.replace(' ', 'T'));
        return at.toEpochSecond(ZoneOffset.UTC) * 1_000_000 + at.getLong(ChronoField.MICRO_OF_SECOND);
    }
}
