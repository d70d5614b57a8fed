package com.deloton.gateway.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.Fleet;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.telemetry.LogLine.Reason;
import com.deloton.gateway.telemetry.LogLine.Unusable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineParserTest {
    private static final String STAMP = "2022-11-03 18:42:01.422451";
    private static final long STAMP_MICROS = micros("2022-11-03T18:42:01.422451Z");

    private final LineParser parser = new LineParser();

    @Test
    void readsEachOfTheSixKinds() {
        assertThat(line("--------- beginning of main\\n")).isEqualTo(new LogLine.BeginningOfMain());
        assertThat(line("--------- beginning of a new ride\\n")).isEqualTo(new LogLine.BeginningOfRide());
        assertThat(line(STAMP + " mendoza v9: Getting user data from server..\\n"))
                .isEqualTo(new LogLine.GettingUserData(STAMP_MICROS));
        assertThat(line(STAMP + " mendoza v9: [INFO]: Ride - duration = 12.0; resistance = 30\\n"))
                .isEqualTo(new LogLine.Ride(STAMP_MICROS, 12, 30));
        assertThat(line(STAMP + " mendoza v9: [INFO]: Telemetry - hrt = 92; rpm = 40; power = 9.737739856000001\\n"))
                .isEqualTo(new LogLine.Telemetry(STAMP_MICROS, 92, 40, 9.737739856000001));
        assertThat(line(STAMP + " mendoza v9: [SYSTEM] data = "
                        + "{\\\"user_id\\\":100,\\\"name\\\":\\\"Zo\\u00eb O'Hara\\\",\\\"gender\\\":\\\"female\\\","
                        + "\\\"address\\\":\\\"1 A,B,C\\\",\\\"date_of_birth\\\":-842140800000,"
                        + "\\\"email_address\\\":\\\"zoe@example.com\\\",\\\"height_cm\\\":167,\\\"weight_kg\\\":83,"
                        + "\\\"account_create_date\\\":1647993600000,\\\"bike_serial\\\":\\\"SN0000\\\","
                        + "\\\"original_source\\\":\\\"direct\\\"}\\n"))
                .isEqualTo(new LogLine.LogOn(
                        STAMP_MICROS,
                        new LogLine.RiderData(
                                100L,
                                "Zoë O'Hara",
                                "female",
                                "1 A,B,C",
                                -842140800000L,
                                "zoe@example.com",
                                167,
                                83,
                                1647993600000L,
                                "SN0000",
                                "direct",
                                false)));
    }

    @Test
    void anyBikeModelIsAccepted() {
        assertThat(line(STAMP + " vélo: élite [x] v10: [INFO]: Ride - duration = 1.0; resistance = 0"))
                .isEqualTo(new LogLine.Ride(STAMP_MICROS, 1, 0));
    }

    @Test
    void theWrapperMayBeWrittenDifferently() {
        LogLine expected = new LogLine.Ride(STAMP_MICROS, 1, 0);
        String text = STAMP + " m: [INFO]: Ride - duration = 1.0; resistance = 0\\n";
        assertThat(parse("{\"log\":\"" + text + "\"}")).isEqualTo(expected);
        assertThat(parse(" {\n\"stream\": [1, {\"a\": null}], \"log\" : \"" + text + "\", \"z\": -1.5e3}\n"))
                .isEqualTo(expected);
        assertThat(parse("{\"log\": \"" + STAMP + " m: [INFO]\\u003a Ride - duration = 1.0; resistance = 0\"}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [1]                                      | NOT_JSON
            not json                                 | NOT_JSON
            {"log": "x"                              | NOT_JSON
            {"log": "x"} trailing                    | NOT_JSON
            {'log': 'x'}                             | NOT_JSON
            {"log": "a\\x"}                          | NOT_JSON
            {"log": 01}                              | NOT_JSON
            {}                                       | NO_LOG
            {"log": null}                            | NO_LOG
            {"log": 5}                               | NO_LOG
            {"LOG": "x"}                             | NO_LOG
            {"log": ""}                              | UNKNOWN_LINE
            {"log": "--------- beginning of mainX"}  | UNKNOWN_LINE
            {"log": "2022-02-30 10:00:00 m: [INFO]: Ride - duration = 1.0; resistance = 0"} | BAD_TIMESTAMP
            {"log": "2022-11-03T10:00:00 m: [INFO]: Ride - duration = 1.0; resistance = 0"} | BAD_TIMESTAMP
            {"log": "2022-11-03 24:00:00 m: [INFO]: Ride - duration = 1.0; resistance = 0"} | BAD_TIMESTAMP
            {"log": "2022-11-03 10:00:00. m: [INFO]: Ride - duration = 1.0; resistance = 0"} | BAD_TIMESTAMP
            {"log": "2022-11-03 10:00:00 m: [WARN]: hot"}                                   | UNKNOWN_LINE
            {"log": "2022-11-03 10:00:00 m: [INFO]: Ride - duration = x; resistance = 0"}   | BAD_NUMBER
            {"log": "2022-11-03 10:00:00 m: [INFO]: Ride - duration = None; resistance = 0"} | BAD_NUMBER
            {"log": "2022-11-03 10:00:00 m: [INFO]: Ride - duration = 1.0; resistance = 0 !"} | BAD_NUMBER
            {"log": "2022-11-03 10:00:00 m: [INFO]: Telemetry - hrt = ; rpm = 0; power = 0.0"} | BAD_NUMBER
            {"log": "2022-11-03 10:00:00 m: [INFO]: Telemetry - hrt = 1; rpm = 0"}          | BAD_NUMBER
            {"log": "2022-11-03 10:00:00 m: [SYSTEM] data = {'user_id':1}"}                 | BAD_RIDER_DATA
            {"log": "2022-11-03 10:00:00 m: [SYSTEM] data = {} x"}                          | BAD_RIDER_DATA
            """)
    void badInputHasItsReason(String value, Reason reason) {
        assertThat(parse(value))
                .isInstanceOfSatisfying(
                        Unusable.class, u -> assertThat(u.reason()).isEqualTo(reason));
    }

    @Test
    void emptyLargeAndMalformedValuesHaveTheirReason() {
        assertThat(reasonOf(null)).isEqualTo(Reason.EMPTY);
        assertThat(reasonOf(new byte[0])).isEqualTo(Reason.EMPTY);
        assertThat(reasonOf(new byte[3_000_000])).isEqualTo(Reason.TOO_LARGE);
        for (byte[] bad : List.of(
                bytes(0xC3, 0x28),
                bytes(0xC0, 0xAF),
                bytes(0xED, 0xA0, 0x80),
                bytes(0xF5, 0x80, 0x80, 0x80),
                bytes(0xE2, 0x82))) {
            assertThat(reasonOf(concat("{\"log\": \"".getBytes(UTF_8), bad, "\"}".getBytes(UTF_8))))
                    .isEqualTo(Reason.INVALID_UTF8);
        }
    }

    @Test
    void aMissingFractionIsAWholeSecond() {
        assertThat(line("2022-11-03 18:42:01 m: [INFO]: Ride - duration = 1.0; resistance = 0"))
                .isEqualTo(new LogLine.Ride(micros("2022-11-03T18:42:01Z"), 1, 0));
        assertThat(line("2024-02-29 00:00:00.5 m: [INFO]: Ride - duration = 1.0; resistance = 0"))
                .isEqualTo(new LogLine.Ride(micros("2024-02-29T00:00:00.5Z"), 1, 0));
    }

    @Test
    void wordsForNoValueLeaveTheFieldAbsent() {
        assertThat(line(STAMP + " m: [INFO]: Telemetry - hrt = None; rpm = null; power = nan"))
                .isEqualTo(new LogLine.Telemetry(STAMP_MICROS, LogLine.ABSENT, LogLine.ABSENT, Double.NaN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0",
                "5e-05",
                "1e+22",
                "+5",
                "+0.25",
                "1485.123456789",
                "9.737739856000001",
                "-0.5",
                "1E3",
                "123456789012345678901.5"
            })
    void powerIsReadAsJavaReadsIt(String power) {
        assertThat(line(STAMP + " m: [INFO]: Telemetry - hrt = 0; rpm = 0; power = " + power))
                .isEqualTo(new LogLine.Telemetry(STAMP_MICROS, 0, 0, Double.parseDouble(power)));
    }

    @ParameterizedTest
    @CsvSource({
        "inf, Infinity",
        "-inf, -Infinity",
        "INF, Infinity",
        "Infinity, Infinity",
        "-Infinity, -Infinity",
        "1e400, Infinity",
        "nan, NaN",
        "-nan, NaN",
        "+NaN, NaN",
        "NAN, NaN",
        "None, NaN"
    })
    void aPowerThatIsNotFiniteKeepsTheHeartRateOfItsLine(String text, double power) {
        assertThat(line(STAMP + " m: [INFO]: Telemetry - hrt = 92; rpm = 60; power = " + text + "\\n"))
                .isEqualTo(new LogLine.Telemetry(STAMP_MICROS, 92, 60, power));
    }

    @ParameterizedTest
    @ValueSource(strings = {"infinite", "in", "nana", "-None", "+-5", "+", "-", "+null", "x"})
    void otherWordsAreNotNumbers(String power) {
        assertThat(line(STAMP + " m: [INFO]: Telemetry - hrt = 92; rpm = 60; power = " + power))
                .isInstanceOfSatisfying(
                        Unusable.class, u -> assertThat(u.reason()).isEqualTo(Reason.BAD_NUMBER));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            9007199254740992   | 9007199254740992  | false
            -9007199254740992  | -9007199254740992 | false
            9007199254740993   |                   | true
            9007199254740993.0 |                   | true
            9223372036854775807|                   | true
            9223372036854775808|                   | true
            -9223372036854775808|                  | true
            -9223372036854775809|                  | true
            1e30               |                   | true
            9.3e3              | 9300              | false
            9111.0             | 9111              | false
            -5                 | -5                | false
            7.5                |                   | true
            1e-400             |                   | true
            true               |                   | true
            [7]                |                   | true
            \\"7\\"             | 7                 | false
            \\"7a\\"            |                   | true
            null               |                   | false
            """)
    void aUserIdIsExactOrInvalid(String userId, @Nullable Long expected, boolean invalid) {
        assertThat(line(STAMP + " m: [SYSTEM] data = {\\\"user_id\\\":" + userId + "}"))
                .isInstanceOfSatisfying(LogLine.LogOn.class, logOn -> {
                    assertThat(logOn.rider().userId()).isEqualTo(expected);
                    assertThat(logOn.rider().userIdInvalid()).isEqualTo(invalid);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}       | the JSON object has no string member "log"; expected {"log": "…"}
            [1]      | not a JSON object: '[1]'; expected {"log": "…"}
            {"log": "hot"} | unknown kind of line: 'hot'
            {"log": "2022-11-03T10:00:00 m: x"} | no valid timestamp at the start of '2022-11-03T10:00:00 m: x'; expected YYYY-MM-DD HH:MM:SS.ffffff, for example 2022-11-03 18:42:01.422451
            {"log": "2022-11-03 10:00:00 m: [INFO]: Ride - duration = soon; resistance = 0"} | no number for duration at 'soon; resistance = 0'; expected for example 'duration = 12.0'
            """)
    void theDetailSaysWhatWasFoundAndWhatIsExpected(String value, String detail) {
        assertThat(parse(value))
                .isInstanceOfSatisfying(
                        Unusable.class, u -> assertThat(u.detail()).isEqualTo(detail));
    }

    @Test
    void riderFieldsOfTheWrongTypeAreNull() {
        assertThat(line(STAMP + " m: [SYSTEM] data = {\\\"user_id\\\":\\\"7\\\",\\\"name\\\":5,\\\"gender\\\":null,"
                        + "\\\"address\\\":[1],\\\"date_of_birth\\\":\\\"old\\\",\\\"height_cm\\\":1.5,"
                        + "\\\"weight_kg\\\":80.0,\\\"extra\\\":{\\\"a\\\":[true,false]}}"))
                .isEqualTo(new LogLine.LogOn(
                        STAMP_MICROS,
                        new LogLine.RiderData(7L, null, null, null, null, null, null, 80, null, null, null, false)));
    }

    @Test
    void whatDatabasesCannotHoldIsReplaced() {
        assertThat(line(STAMP + " m: [SYSTEM] data = {\\\"name\\\":\\\"a\\\\u0000b\\\\ud800c\\\\ud83d\\\\ude00\\\"}"))
                .isInstanceOfSatisfying(
                        LogLine.LogOn.class, l -> assertThat(l.rider().name()).isEqualTo("a\uFFFDb\uFFFDc😀"));
    }

    @Test
    void deeplyNestedJsonIsRefusedNotFollowed() {
        assertThat(parse("{\"a\": " + "[".repeat(20_000) + "]".repeat(20_000) + ", \"log\": \"x\"}"))
                .isInstanceOfSatisfying(
                        Unusable.class, u -> assertThat(u.reason()).isEqualTo(Reason.NOT_JSON));
    }

    @Property
    void anyBytesHaveAnAnswer(@ForAll byte[] value) {
        assertThat(parser.parse(value)).isNotNull();
    }

    @Property
    void anyDamageToARealLineHasAnAnswer(
            @ForAll @IntRange(max = 399) int at, @ForAll byte damage, @ForAll boolean cut) {
        byte[] value = ("{\"log\": \"" + STAMP
                        + " m: [SYSTEM] data = {\\\"user_id\\\":100,\\\"name\\\":\\\"A \\u00eb\\\"}\\n\"}")
                .getBytes(UTF_8);
        int i = at % value.length;
        value[i] = damage;
        assertThat(parser.parse(cut ? java.util.Arrays.copyOf(value, i) : value))
                .isNotNull();
    }

    @Property
    void numbersAndTimesSurviveTheRoundTrip(
            @ForAll @LongRange(min = -62_135_596_800_000_000L, max = 253_402_300_799_999_999L) long at,
            @ForAll @IntRange(max = 250) int heartRate,
            @ForAll @IntRange(max = 163) int rpm,
            @ForAll double power) {
        Instant time = Instant.EPOCH
                .plusNanos(0)
                .plusSeconds(Math.floorDiv(at, 1_000_000))
                .plusNanos(Math.floorMod(at, 1_000_000) * 1_000L);
        String stamp = time.atOffset(java.time.ZoneOffset.UTC)
                .format(java.time.format.DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS"));
        assertThat(line(stamp + " m: [INFO]: Telemetry - hrt = " + heartRate + "; rpm = " + rpm + "; power = " + power))
                .isEqualTo(new LogLine.Telemetry(at, heartRate, rpm, power));
    }

    @Property
    void anyMembersBesideTheLogArePassedOver(@ForAll @Size(max = 5) List<String> names) {
        StringBuilder value = new StringBuilder("{");
        for (String name : names) {
            value.append(quoted("_" + name)).append(": ").append(quoted(name)).append(", ");
        }
        value.append("\"log\": \"--------- beginning of main\\n\"}");
        assertThat(parse(value.toString())).isEqualTo(new LogLine.BeginningOfMain());
    }

    @Property(tries = 20)
    void readsBackWhatTheSimulatorSays(@ForAll long seed) {
        List<ExpectedRide> ledger = new ArrayList<>();
        FleetOptions options = FleetOptions.defaults()
                .withSeed(seed)
                .withBikes(1)
                .withMessages(400)
                .withRideSeconds(40, 60);
        Fleet fleet = new Fleet(options, STAMP_MICROS, ledger::add);
        List<LogLine> lines = new ArrayList<>();
        while (fleet.nextDueMicros() != Long.MAX_VALUE) {
            lines.add(parser.parse(fleet.next().value()));
        }
        fleet.finish();

        assertThat(lines).noneMatch(Unusable.class::isInstance);
        assertThat(lines.stream().filter(LogLine.Telemetry.class::isInstance))
                .containsExactlyElementsOf(ledger.stream()
                        .flatMap(ride -> ride.readings().stream())
                        .filter(reading -> reading.powerW() != null)
                        .map(LineParserTest::telemetry)
                        .toList());
    }

    private static LogLine telemetry(ExpectedRide.ExpectedReading said) {
        return new LogLine.Telemetry(
                said.atMicros(),
                requireNonNull(said.heartRateBpm()),
                requireNonNull(said.cadenceRpm()),
                requireNonNull(said.powerW()));
    }

    @ParameterizedTest
    @CsvSource({"whole-ride.jsonl,120,120,1,18684", "mid-ride.jsonl,15,15,0,146", "log-ons.jsonl,0,0,5,0"})
    void readsEveryLineOfTheCaptures(String name, int rides, int telemetry, int logOns, long wholeWatts) {
        List<LogLine> lines = Captures.read(name).stream().map(this::parse).toList();

        assertThat(lines).noneMatch(Unusable.class::isInstance);
        assertThat(count(lines, LogLine.Ride.class)).isEqualTo(rides);
        assertThat(count(lines, LogLine.Telemetry.class)).isEqualTo(telemetry);
        assertThat(count(lines, LogLine.LogOn.class)).isEqualTo(logOns);
        assertThat(lines.stream()
                        .mapToDouble(line -> line instanceof LogLine.Telemetry t ? t.powerW() : 0)
                        .sum())
                .isBetween((double) wholeWatts, wholeWatts + 1.0);
    }

    @Test
    void readsEveryLineOfFurtherCaptures() throws IOException {
        List<String> values = new ArrayList<>(Captures.further());
        Captures.NAMES.forEach(name -> values.addAll(Captures.read(name)));

        assertThat(values).allSatisfy(value -> {
            LogLine line = parse(value);
            assertThat(line).isNotInstanceOf(Unusable.class);
            if (line instanceof LogLine.Telemetry t) {
                assertThat(t.powerW())
                        .isEqualTo(Double.parseDouble(value.replaceAll(".*power = ([-0-9.e+]+).*", "$1")));
            }
        });
    }

    private static long count(List<LogLine> lines, Class<? extends LogLine> kind) {
        return lines.stream().filter(kind::isInstance).count();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> quoted.append("\\u%04x".formatted(c)));
        return quoted.append('"').toString();
    }

    private LogLine line(String text) {
        return parse("{\"log\": \"" + text + "\"}");
    }

    private LogLine parse(String value) {
        return parser.parse(value.getBytes(UTF_8));
    }

    private Reason reasonOf(byte @org.jspecify.annotations.Nullable [] value) {
        return ((Unusable) parser.parse(value)).reason();
    }

    private static long micros(String instant) {
        Instant time = Instant.parse(instant);
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
