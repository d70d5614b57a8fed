package com.deloton.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.FiguresQuery;
import com.deloton.gateway.report.figures.ReportAgeGroup;
import com.deloton.gateway.report.figures.ReportDay;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.simulate.Fleet;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.testing.IngestFixture;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DailyFiguresIT {
    private static final ReportDay SHORT_DAY = day("2026-03-29");
    private static final ReportDay LONG_DAY = day("2026-10-25");
    private static final ReportDay MONDAY = day("2026-11-23");
    private static final Duration AROUND = Duration.ofHours(2);
    private static final FleetOptions FLEET = FleetOptions.defaults()
            .withSeed(7)
            .withBikes(8)
            .withSpeed(Double.POSITIVE_INFINITY)
            .withRideSeconds(45, 100)
            .withPauseSeconds(0, 5_000)
            .withAbnormalHeartRate(0.2)
            .withFault(Fault.NULL_FIELD, 0.3)
            .withFault(Fault.BIRTH_DATE_RANGE, 0.1)
            .withFault(Fault.UNKNOWN_GENDER, 0.1)
            .withFault(Fault.HEART_RATE_RANGE, 0.01)
            .withFault(Fault.POWER_RANGE, 0.01);

    private static final IngestFixture RIG = new IngestFixture();

    /** Three days, each from a while before its first midnight until a while after its second. */
    @BeforeAll
    static void ride() throws Exception {
        RIG.start();
        ride(SHORT_DAY, FLEET.withFault(Fault.JOIN_MID_RIDE, 0.5));
        ride(LONG_DAY, FLEET);
        ride(MONDAY, FLEET);
    }

    private static void ride(ReportDay day, FleetOptions fleet) throws Exception {
        Instant start = day.start().minus(AROUND);
        long until = day.end().plus(AROUND).getEpochSecond() * 1_000_000;
        Fleet rehearsal = new Fleet(fleet, start.getEpochSecond() * 1_000_000);
        long messages = 0;
        while (rehearsal.nextDueMicros() < until) {
            rehearsal.next();
            messages++;
        }
        RIG.ride(fleet.withStart(start).withMessages(messages));
    }

    @AfterAll
    static void close() throws Exception {
        RIG.close();
    }

    private static ReportDay day(String date) {
        return new ReportDay(LocalDate.parse(date), ZoneId.of("Europe/London"));
    }

    private static DailyFigures figures(ReportDay day) {
        return FiguresQuery.read(RIG.pool(), day, Instant.parse("2026-11-24T09:30:00Z"));
    }

    private static ExpectedDay ledger(ReportDay day) {
        return new ExpectedDay(RIG.ledger, day);
    }

    @Test
    void aDaysFiguresAreWhatTheBikesSaid() {
        DailyFigures figures = figures(MONDAY);

        assertThat(figures.totals().counts().rides()).isGreaterThan(100);
        assertThat(figures.dayBefore().counts().rides()).isPositive();
        assertThat(figures.alerts().raised()).isPositive();
        assertThat(figures.quality().open()).isZero();
        ledger(MONDAY).equals(figures);
        DailyFigures today = figures(MONDAY.minusDays(-1));
        assertThat(today.quality().open()).as("rides that go on").isPositive();
        ledger(today.day()).equals(today);
    }

    /** Every third alert of the Monday is acknowledged, each 37 s later after its reading than the one before. */
    @Test
    void theTimesToAcknowledgeAreThoseOfTheSingleAlerts() {
        RIG.pool().query("""
                        UPDATE alert a SET acknowledged_at = a.raised_at + n.number * interval '37 s'
                        FROM (SELECT ride_id, first_s, row_number() OVER (ORDER BY ride_id, first_s) AS number FROM alert) n
                        WHERE n.ride_id = a.ride_id AND n.first_s = a.first_s AND n.number % 3 = 0""").execute().await();
        List<Double> seconds = new ArrayList<>();
        int missing = 0;
        int raised = 0;
        for (Row row : RIG.pool()
                .query(
                        "SELECT r.started_at, a.raised_at, a.acknowledged_at, a.quiet FROM alert a JOIN ride r USING (ride_id)")
                .execute()
                .await()) {
            Instant start = row.getOffsetDateTime(0).toInstant();
            if (start.isBefore(MONDAY.start()) || !start.isBefore(MONDAY.end())) {
                continue;
            }
            raised++;
            OffsetDateTime acknowledged = row.getOffsetDateTime(2);
            if (acknowledged != null) {
                seconds.add(
                        Duration.between(row.getOffsetDateTime(1), acknowledged).toMillis() / 1_000.0);
            } else if (row.getString(3) == null) {
                missing++;
            }
        }
        seconds.sort(null);
        int last = seconds.size() - 1;

        DailyFigures.Alerts alerts = figures(MONDAY).alerts();

        assertThat(alerts.raised()).isEqualTo(raised);
        assertThat(seconds).hasSizeGreaterThan(2);
        assertThat(missing).isPositive();
        assertThat(alerts.acknowledgements())
                .isEqualTo(new DailyFigures.Acknowledgements(
                        seconds.size(),
                        missing,
                        (seconds.get(last / 2) + seconds.get((last + 1) / 2)) / 2,
                        seconds.get(last)));
    }

    @Test
    void whoseAgeOrGenderNobodyKnowsRidesInAGroupOfItsOwn() {
        DailyFigures figures = figures(MONDAY);

        assertThat(figures.quality().unnamed()).as("rides of nobody").isPositive();
        assertThat(figures.counts(Gender.FEMALE, ReportAgeGroup.UNKNOWN).riders())
                .isPositive();
        assertThat(figures.counts(Gender.MALE, ReportAgeGroup.UNKNOWN).riders()).isPositive();
        assertThat(figures.counts(Gender.UNKNOWN, ReportAgeGroup.UNKNOWN).riders())
                .isPositive();
        assertThat(figures.counts(Gender.UNKNOWN, ReportAgeGroup.FROM_25).riders())
                .isPositive();
        assertThat(figures.counts(Gender.UNKNOWN, null).riders())
                .isLessThan(figures.totals().counts().riders());
        ledger(MONDAY).equals(figures);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29, 2026-03-29T00:00:00Z, 2026-03-29T23:00:00Z",
        "2026-10-25, 2026-10-24T23:00:00Z, 2026-10-26T00:00:00Z"
    })
    void aDayOnWhichTheClocksChangeHasItsRidesAndNoOther(String date, Instant start, Instant end) {
        ReportDay day = day(date);
        DailyFigures figures = figures(day);
        ExpectedDay ledger = ledger(day);
        Duration shortly = Duration.ofMinutes(30);

        for (Instant midnight : List.of(start, end)) {
            assertThat(ledger.rides(midnight.minus(shortly), midnight))
                    .as("just before")
                    .isPositive();
            assertThat(ledger.rides(midnight, midnight.plus(shortly)))
                    .as("just after")
                    .isPositive();
        }
        assertThat(ledger.ridesOver(start) + ledger.ridesOver(end))
                .as("rides over a midnight")
                .isPositive();
        assertThat(figures.totals().counts().rides()).isEqualTo(ledger.rides(start, end));
        ledger.equals(figures);
        for (ReportDay beside : List.of(day.minusDays(1), day.minusDays(-1))) {
            ledger(beside).equals(figures(beside));
        }
    }

    @Test
    void anHourThatIsLackingHasNoBarAndOneThatComesTwiceHasTwo() {
        assertThat(SHORT_DAY.hourLabels()).startsWith("00", "02", "03");
        assertThat(figures(SHORT_DAY).ridesPerHour())
                .hasSize(23)
                .startsWith(ridesAt(SHORT_DAY, "2026-03-29T00:00:00Z"), ridesAt(SHORT_DAY, "2026-03-29T01:00:00Z"))
                .endsWith(ridesAt(SHORT_DAY, "2026-03-29T22:00:00Z"));
        assertThat(LONG_DAY.hourLabels()).startsWith("00", "01", "01+", "02");
        assertThat(figures(LONG_DAY).ridesPerHour())
                .hasSize(25)
                .startsWith(
                        ridesAt(LONG_DAY, "2026-10-24T23:00:00Z"),
                        ridesAt(LONG_DAY, "2026-10-25T00:00:00Z"),
                        ridesAt(LONG_DAY, "2026-10-25T01:00:00Z"),
                        ridesAt(LONG_DAY, "2026-10-25T02:00:00Z"))
                .endsWith(ridesAt(LONG_DAY, "2026-10-25T23:00:00Z"));
    }

    private static int ridesAt(ReportDay day, String hour) {
        Instant from = Instant.parse(hour);
        int rides = ledger(day).rides(from, from.plusSeconds(3_600));
        assertThat(rides).as(hour).isPositive();
        return rides;
    }

    @Test
    void recordsThatWereSetAsideCountForTheDayTheyCameIn() {
        String row = """
                INSERT INTO quarantine (source_id, record_offset, record_at, reason, detail, received_at)
                SELECT min(source_id), %d, timestamptz '%s', 'NOT_JSON', '', timestamptz '%2$s' + interval '%s'
                FROM ingest_position""";
        List<String> times = List.of(
                "2026-10-24T22:59:59.999999Z",
                "2026-10-24T23:00:00Z",
                "2026-10-25T01:30:00Z",
                "2026-10-25T23:59:59.999999Z",
                "2026-10-26T00:00:00Z");
        long before = figures(LONG_DAY).quality().quarantined();
        for (int i = 0; i < times.size(); i++) {
            RIG.warehouse.execute(row.formatted(1_000_000_000 + i, times.get(i), "3 days"));
        }
        RIG.warehouse.execute(row.formatted(1_000_000_010, times.get(1), "-59 minutes"));

        assertThat(figures(LONG_DAY).quality().quarantined() - before).isEqualTo(4);
    }
}
