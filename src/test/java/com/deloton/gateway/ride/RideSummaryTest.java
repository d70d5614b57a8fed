package com.deloton.gateway.ride;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.telemetry.LogLine.RiderData;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RideSummaryTest {
    private final List<Cleaning> cleanings = new ArrayList<>();

    @Test
    void constantPowerIsItsOwnMeanBestAndNormalizedPower() {
        RideSummary summary = RideSummary.of(series(1_500, s -> 200, s -> 120), new HeartRateLimits(45, 180));

        assertThat(summary.powerMeanW()).isEqualTo(200);
        assertThat(summary.normalizedPowerW()).isCloseTo(200, within(1e-9));
        assertThat(summary.best().m20()).isEqualTo(200);
        assertThat(summary.ftpEstimateW()).isEqualTo(190);
        assertThat(summary.energyKj()).isEqualTo(300);
        assertThat(summary.durationS()).isEqualTo(1_500);
        assertThat(summary.zoneS()).containsExactly(0, 0, 1_500, 0, 0);
    }

    @Test
    void meansLeaveOutWhatWasNotMeasured() {
        RideSummary summary = RideSummary.of(series(100, s -> s, s -> s > 75 ? 117 : 0), null);

        assertThat(summary.heartRateMeanBpm()).isEqualTo(117);
        assertThat(summary.heartRateMeasuredS()).isEqualTo(25);
        assertThat(summary.zoneS()).isNull();
    }

    @Test
    void bestPowersFindTheSprint() {
        RideSummary summary = RideSummary.of(series(400, s -> s > 200 && s <= 220 ? 900 : 100, s -> 0), null);

        assertThat(summary.best().s5()).isEqualTo(900);
        assertThat(summary.best().m1()).isCloseTo((20 * 900 + 40 * 100) / 60.0, within(1e-9));
        assertThat(summary.best().m20()).isNull();
        assertThat(summary.powerMaxW()).isEqualTo(900);
    }

    @Test
    void aRideWithoutReadingsHasNoFigures() {
        RideSummary summary = RideSummary.of(new RideSeries(), null);

        assertThat(summary.readings()).isZero();
        assertThat(summary.durationS()).isZero();
        assertThat(summary.powerMeanW()).isNull();
        assertThat(summary.normalizedPowerW()).isNull();
        assertThat(RideSummary.minutes(new RideSeries())).isEmpty();
    }

    @Test
    void minutesAddUpToTheRide() {
        RideSeries series = series(130, s -> s, s -> 100);
        var minutes = RideSummary.minutes(series);

        assertThat(minutes).extracting(RideSummary.Minute::readings).containsExactly(59, 60, 11);
        assertThat(minutes.stream().mapToDouble(RideSummary.Minute::energyKj).sum())
                .isCloseTo(RideSummary.of(series, null).energyKj(), within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({
        "female,40,171,52",
        "female,17,191,57",
        "male,30,190,40",
        "male,40,180,47",
        "male,39,181,40",
        "male,70,159,52",
        "other,30,180,45",
        "unknown,65,149,57"
    })
    void limitsFollowTheCustomersRule(String gender, int age, int max, int min) {
        assertThat(HeartRateLimits.of(Gender.of(gender), age)).isEqualTo(new HeartRateLimits(min, max));
    }

    @Test
    void unknownAgeGivesNoLimits() {
        assertThat(HeartRateLimits.of(Gender.MALE, null)).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mr Stuart Austin       | Mr   | Stuart Austin
            Mrs. Ann O'Neil-Smith  | Mrs  | Ann O'Neil-Smith
            Dr Zoë Łuczak          | Dr   | Zoë Łuczak
            Drew Barry             |      | Drew Barry
            Mr                     |      | Mr
            """)
    void titlesAreSplitOff(String fullName, @Nullable String title, String name) {
        Rider rider = rider(data(fullName, null, null));
        assertThat(rider.title()).isEqualTo(title);
        assertThat(rider.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 Simpson locks,Wilkinsonshire,E68 8SH             |          | 0 Simpson locks | Wilkinsonshire    | E68 8SH
            Flat 98y,Carolyn haven,East Valeriemouth,S5T 0TT   | Flat 98y | Carolyn haven   | East Valeriemouth | S5T 0TT
            Somewhere                                          |          | Somewhere       |                   |
            """)
    void addressesAreSplit(
            String text,
            @Nullable String unit,
            @Nullable String street,
            @Nullable String city,
            @Nullable String postcode) {
        assertThat(rider(data("A B", text, null)).address()).isEqualTo(new Rider.Address(unit, street, city, postcode));
    }

    @ParameterizedTest
    @CsvSource({"-842140800000,1943-04-26", "4102444800000,", "-5000000000000000,"})
    void impossibleBirthDatesAreUnknown(long millis, @Nullable LocalDate expected) {
        assertThat(rider(data("A B", null, millis)).dateOfBirth()).isEqualTo(expected);
    }

    @Test
    void aTextAboveItsLimitIsAbsentAndTheRiderIsKept() {
        String longText = "ŷ".repeat(6_000);
        Rider rider = rider(new RiderData(
                7L,
                "Dr " + longText,
                longText,
                longText + "," + longText + "," + longText + "," + longText,
                0L,
                longText + "@example.com",
                170,
                70,
                0L,
                longText,
                longText,
                false));

        assertThat(rider)
                .isEqualTo(new Rider(
                        7,
                        "Dr",
                        null,
                        Gender.OTHER,
                        LocalDate.EPOCH,
                        null,
                        new Rider.Address(null, null, null, null),
                        170,
                        70,
                        LocalDate.EPOCH,
                        null));
        assertThat(cleanings).hasSize(7).containsOnly(Cleaning.TEXT_TOO_LONG);
    }

    @Test
    void everyKeptTextFitsIntoAnIndexRow() {
        for (int length = 1; length < 400; length++) {
            for (String character : List.of("a", "ŷ", "漢", "😀")) {
                String text = character.repeat(length);
                Rider rider = rider(new RiderData(
                        7L,
                        text,
                        null,
                        text + "," + text + "," + text + "," + text,
                        null,
                        "a@" + text,
                        null,
                        null,
                        null,
                        null,
                        text,
                        false));
                assertThat(java.util.stream.Stream.of(
                                        rider.name(),
                                        rider.emailAddress(),
                                        rider.originalSource(),
                                        rider.address().unit(),
                                        rider.address().street(),
                                        rider.address().city(),
                                        rider.address().postcode())
                                .filter(java.util.Objects::nonNull))
                        .allMatch(kept -> kept.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < 1_000);
            }
        }
    }

    @Test
    void anInvalidUserIdIsCountedAndNamesNoRider() {
        RiderData data = new RiderData(null, "Ann Example", null, null, null, null, null, null, null, null, null, true);

        assertThat(Rider.of(data, LocalDate.EPOCH, cleanings::add)).isNull();
        assertThat(cleanings).containsExactly(Cleaning.USER_ID_INVALID);
    }

    private Rider rider(RiderData data) {
        return requireNonNull(Rider.of(data, LocalDate.parse("2026-11-24"), cleanings::add));
    }

    private static RiderData data(String name, @Nullable String address, @Nullable Long dateOfBirth) {
        return new RiderData(1L, name, null, address, dateOfBirth, null, null, null, null, null, null, false);
    }

    private static RideSeries series(int seconds, IntUnaryOperator power, IntUnaryOperator heartRate) {
        RideSeries series = new RideSeries();
        for (int s = 1; s <= seconds; s++) {
            series.add(new Reading(s, s * 1_000_000L, heartRate.applyAsInt(s), 60, 30, power.applyAsInt(s)));
        }
        return series;
    }
}
