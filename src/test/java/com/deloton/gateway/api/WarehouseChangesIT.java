package com.deloton.gateway.api;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static com.deloton.gateway.testing.ApiFixture.PSEUDONYMOUS;
import static com.deloton.gateway.testing.IngestFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.model.Fault;
import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.IngestFixture;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every operation that changes something, and the quarantine, after a dirty stream. */
class WarehouseChangesIT {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final FleetOptions FLEET = IngestFixture.ABNORMAL
            .withBikes(10)
            .withMessages(5_000)
            .withSeed(3)
            .withFault(Fault.NOT_JSON, 0.002)
            .withFault(Fault.BAD_NUMBER, 0.002)
            .withFault(Fault.EMPTY, 0.001);

    private static IngestFixture fixture;
    private static ApiFixture api;

    @BeforeAll
    static void fill() throws Exception {
        fixture = new IngestFixture();
        fixture.start();
        fixture.ride(FLEET);
        reports();
        api = new ApiFixture(fixture.vertx(), fixture.pool(), InstantSource.fixed(NOW));
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    /** The table of the daily report, if no migration has made it. */
    private static void reports() {
        fixture.warehouse.execute("""
                CREATE TABLE IF NOT EXISTS daily_report (day date PRIMARY KEY, zone text NOT NULL, status text NOT NULL,
                    requested_at timestamptz, requested_by text, generated_at timestamptz, sent_at timestamptz,
                    reason text, rides integer, riders integer, figures jsonb, html text, csv text)""");
        fixture.warehouse.execute("GRANT SELECT, INSERT, UPDATE ON daily_report TO deloton_gateway");
        fixture.warehouse.execute("""
                INSERT INTO daily_report (day, zone, status, generated_at, sent_at, rides, riders, figures, html, csv)
                VALUES ('2026-11-24', 'Europe/London', 'sent', now(), now(), 7, 5, '{"rides": 7}', '<p>7 rides</p>',
                    'rides,7')
                ON CONFLICT DO NOTHING""");
    }

    /** A rider with at least one alert whose rides have all ended. */
    private static long riderWithAlert() {
        return fixture.warehouse.count("""
                SELECT a.rider_id FROM alert a JOIN rider p USING (rider_id) WHERE p.erased_at IS NULL
                AND NOT EXISTS (SELECT FROM ride r WHERE r.rider_id = a.rider_id AND r.status = 'open') LIMIT 1""");
    }

    private static long audited(String action, String target) {
        return fixture.warehouse.count(
                "SELECT count(*) FROM audit WHERE subject = 'tester' AND request_id = 'request-1'"
                        + " AND action = '%s' AND target = '%s'".formatted(action, target));
    }

    @Test
    void erasesARiderWithoutATrace() throws Exception {
        long rider = riderWithAlert();
        JsonObject before = api.json("exportRiderData", "rider", rider, "limit", 20);
        JsonObject known = before.getJsonObject("rider");
        api.respond(
                ALL, "", new JsonObject().put("maxBpm", 180).put("optOut", true), "setAlertSettings", "rider", rider);
        long rides = fixture.warehouse.count("SELECT count(*) FROM ride");
        String log =
                "{\"log\": \"2026-11-24 10:00:00 mendoza v9: [SYSTEM] data = {\\\"user_id\\\":%d,\\\"name\\\":\\\"%s\\\"\"}"
                        .formatted(rider, known.getString("name"));
        await(fixture.pool()
                .preparedQuery("INSERT INTO quarantine (source_id, record_offset, record_at, reason, detail, value)"
                        + " VALUES (1, 99999999, now(), 'BAD_RIDER_DATA', 'x', $1)")
                .execute(io.vertx.sqlclient.Tuple.of(io.vertx.core.buffer.Buffer.buffer(log))));

        long related = fixture.warehouse.count("SELECT count(*) FROM quarantine WHERE rider_id = " + rider);

        JsonObject erased = api.json("eraseRider", "rider", rider);

        assertThat(erased.getInteger("rides"))
                .isEqualTo(before.getJsonArray("rides").size());
        assertThat(erased.getInteger("alerts")).isPositive();
        assertThat(erased.getLong("quarantined")).isEqualTo(1 + related);
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride"))
                .as("totals stay")
                .isEqualTo(rides);
        for (Object ride : before.getJsonArray("rides")) {
            long id = ((JsonObject) ride).getJsonObject("ride").getLong("rideId");
            JsonObject left = api.json("getRide", "ride", id);
            assertThat(left.getJsonObject("rider").containsKey("riderId")).isFalse();
            assertThat(left.getDouble("energyKj"))
                    .isEqualTo(((JsonObject) ride).getJsonObject("ride").getDouble("energyKj"));
            assertThat(api.exception(ALL, "getReadings", "ride", id).status()).isEqualTo(410);
            assertThat(api.json("getRideSummary", "ride", id).getInteger("readings"))
                    .isPositive();
            assertThat(api.exception(ALL, "exportTcx", "ride", id).status()).isEqualTo(410);
        }
        String street = known.getJsonObject("address").getString("street");
        for (String text : List.of(
                known.getString("emailAddress"),
                known.getString("name") + "|" + street,
                known.getJsonObject("address").getString("postcode"))) {
            assertThat(textsThatHold(text)).as("where " + text + " is left").isEmpty();
        }
        for (String operation :
                List.of("getRider", "listRidesOfRider", "getAlertSettings", "exportRiderData", "eraseRider")) {
            assertThat(api.exception(ALL, operation, "rider", rider).status()).isEqualTo(404);
        }
        assertThat(api.all("listRiders", "limit", 200)).noneMatch(r -> r.getLong("riderId") == rider);
        assertThat(audited("erase_rider", "rider/" + rider)).isEqualTo(1);

        laterRidesBelongToNobody(rider);
    }

    private static void laterRidesBelongToNobody(long rider) {
        fixture.warehouse.execute("""
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, started_at, gender, age_years, status)
                VALUES (8, 1, 'later', %1$d, '2026-01-01', 'female', 40, 'completed');
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                    high, min_bpm, max_bpm, severity)
                VALUES (8, 1, %1$d, now(), 3, '2026-01-01', now(), 200, true, 40, 180, 'warning')""".formatted(rider));
        assertThat(fixture.warehouse.rows("""
                        SELECT r.rider_id, r.gender, r.age_years, a.rider_id FROM ride r JOIN alert a USING (ride_id)
                        WHERE r.ride_id = 8""").getFirst()).containsExactly(null, "unknown", null, null);
        fixture.warehouse.execute("DELETE FROM alert WHERE ride_id = 8; DELETE FROM ride WHERE ride_id = 8");
    }

    /** Tables and columns that hold any of the alternatives, divided by {@code |}, in any row. */
    private static List<String> textsThatHold(String text) {
        List<String> found = new ArrayList<>();
        for (List<Object> column : fixture.warehouse.rows("""
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'bytea', 'date')
                    AND table_name NOT LIKE 'flyway%' AND table_name NOT LIKE '%\\_2%'""")) {
            String value = "encode(convert_to(coalesce(%1$s::text, ''), 'UTF8'), 'escape')".formatted(column.get(1));
            String raw = "coalesce(%s::text, '')".formatted(column.get(1));
            for (String alternative : text.split("\\|", -1)) {
                String quoted = alternative.replace("'", "''");
                long rows = fixture.warehouse.count(
                        "SELECT count(*) FROM %s WHERE position('%s' IN %s) > 0 OR position('%s' IN %s) > 0"
                                .formatted(column.getFirst(), quoted, raw, quoted, value));
                if (rows > 0 && !sharedWithOthers(alternative)) {
                    found.add(column + ": " + rows);
                }
            }
        }
        return found;
    }

    /** Invented names and streets are few, so others may have the same. */
    private static boolean sharedWithOthers(String text) {
        String quoted = text.replace("'", "''");
        return fixture.warehouse.count("SELECT count(*) FROM rider WHERE name = '%s' OR address_street = '%s'"
                        .formatted(quoted, quoted))
                > 0;
    }

    @Test
    void erasesNobodyWhoIsOnABike() throws Exception {
        long riding = fixture.warehouse.count(
                "SELECT rider_id FROM ride WHERE status = 'open' AND rider_id IS NOT NULL LIMIT 1");
        assertThat(api.exception(ALL, "eraseRider", "rider", riding).status()).isEqualTo(409);
        assertThat(api.json("getRider", "rider", riding).getBoolean("live")).isTrue();
    }

    @Test
    void deletesAnEndedRideWithAllItHas() throws Exception {
        long ride = fixture.warehouse.count(
                "SELECT ride_id FROM ride JOIN ride_series USING (ride_id) ORDER BY ride_id DESC LIMIT 1");

        assertThat(api.respond(ALL, "", null, "deleteRide", "ride", ride).status())
                .isEqualTo(204);

        for (String table : List.of("ride", "ride_series", "minute", "reading_chunk", "alert", "alert_transition")) {
            assertThat(fixture.warehouse.count("SELECT count(*) FROM " + table + " WHERE ride_id = " + ride))
                    .as(table)
                    .isZero();
        }
        assertThat(audited("delete_ride", "ride/" + ride)).isEqualTo(1);
        assertThat(api.exception(ALL, "deleteRide", "ride", ride).status()).isEqualTo(404);
        long live = fixture.warehouse.count("SELECT ride_id FROM ride WHERE status = 'open' LIMIT 1");
        assertThat(api.exception(ALL, "deleteRide", "ride", live).status()).isEqualTo(409);
    }

    @Test
    void keepsWhatIsAgreedWithARider() throws Exception {
        long rider = fixture.warehouse.count(
                "SELECT rider_id FROM ride WHERE status = 'open' AND rider_id IS NOT NULL LIMIT 1");
        JsonObject agreed =
                new JsonObject().put("minBpm", 50).put("maxBpm", 180).put("optOut", false);

        assertThat(api.json("getAlertSettings", "rider", rider)).isEqualTo(new JsonObject().put("optOut", false));
        api.respond(ALL, "", agreed, "setAlertSettings", "rider", rider);
        assertThat(api.json("getAlertSettings", "rider", rider)).isEqualTo(agreed);
        JsonObject optOut = new JsonObject().put("optOut", true);
        api.respond(ALL, "", optOut, "setAlertSettings", "rider", rider);
        assertThat(api.json("getAlertSettings", "rider", rider)).isEqualTo(optOut);
        assertThat(api.exception(ALL, agreed.copy().put("maxBpm", 50), "setAlertSettings", "rider", rider)
                        .pointer())
                .isEqualTo("/maxBpm");
        assertThat(api.respond(ALL, "", null, "clearAlertSettings", "rider", rider)
                        .status())
                .isEqualTo(204);
        assertThat(api.json("getAlertSettings", "rider", rider)).isEqualTo(new JsonObject().put("optOut", false));
        assertThat(api.exception(ALL, optOut, "setAlertSettings", "rider", 999_999_999)
                        .status())
                .isEqualTo(404);
        assertThat(api.exception(ALL, "clearAlertSettings", "rider", 999_999_999)
                        .status())
                .isEqualTo(404);
        assertThat(audited("set_alert_settings", "rider/" + rider)).isEqualTo(2);
        assertThat(audited("clear_alert_settings", "rider/" + rider)).isEqualTo(1);
    }

    @Test
    void notesTheFirstAcknowledgement() throws Exception {
        List<Object> key = fixture.warehouse
                .rows(
                        "SELECT ride_id, first_s FROM alert JOIN ride USING (ride_id) WHERE status = 'open' OR quiet IS NULL"
                                + " ORDER BY ride_id LIMIT 1")
                .getFirst();
        String alert = key.get(0) + "-" + key.get(1);

        JsonObject first = api.json("acknowledgeAlert", "alert", alert).getJsonObject("alert");
        JsonObject second = api.json("acknowledgeAlert", "alert", alert).getJsonObject("alert");

        assertThat(first.getString("acknowledgedBy")).isEqualTo("tester");
        assertThat(second).isEqualTo(first);
        assertThat(audited("acknowledge_alert", "alert/" + alert)).isEqualTo(1);
        assertThat(api.all("listAlerts", "acknowledged", true)).contains(first);
        assertThat(api.all("listAlerts", "acknowledged", false)).doesNotContain(first);
        assertThat(api.exception(ALL, "acknowledgeAlert", "alert", "1-1").status())
                .isEqualTo(404);
    }

    @Test
    void showsWhatIsInQuarantine() throws Exception {
        List<JsonObject> records = api.all("listQuarantine", "limit", 3);
        assertThat(records).hasSizeGreaterThan(3).hasSize((int)
                fixture.warehouse.count("SELECT count(*) FROM quarantine"));
        JsonObject bad = api.all("listQuarantine", "reason", "NOT_JSON").getFirst();
        JsonObject whole = api.json("getQuarantined", "record", bad.getString("recordId"));

        assertThat(new String(Base64.getDecoder().decode(whole.getString("value")), StandardCharsets.UTF_8))
                .isEqualTo("Connection reset by peer");
        assertThat(whole.getString("detail")).contains("Connection reset");
        assertThat(api.json(PSEUDONYMOUS, "getQuarantined", "record", bad.getString("recordId"))
                        .fieldNames())
                .doesNotContain("value", "detail");
        assertThat(api.exception(ALL, "getQuarantined", "record", "1-77777777").status())
                .isEqualTo(404);
        assertThat(api.exception(ALL, "replayQuarantined", "record", bad.getString("recordId"))
                        .getMessage())
                .contains("NOT_JSON");
        assertThat(api.exception(ALL, "replayQuarantined", "record", "1-77777777")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void replaysAReadingIntoItsEndedRideOnce() throws Exception {
        List<Object> ride = fixture.warehouse.rows("""
                        SELECT r.ride_id, r.source_id, r.stream_key, s.zero_at, s.first_s + 10, r.readings,
                            (SELECT min(ride_id) FROM ride n WHERE n.source_id = r.source_id
                                AND n.stream_key = r.stream_key AND n.ride_id > r.ride_id), r.day
                        FROM ride r JOIN ride_series s USING (ride_id, day)
                        WHERE r.status = 'completed' AND r.readings > 30 ORDER BY r.ride_id LIMIT 1""").getFirst();
        long rideId = (Long) ride.get(0);
        int second = (Integer) ride.get(4);
        JsonObject before = api.json("getRideSummary", "ride", rideId);
        JsonObject lost = reading(rideId, second);
        takeOut(rideId, second);
        Instant at = Instant.parse(lost.getString("at"));
        String head = "{\"log\": \"" + at.toString().replace('T', ' ').replace("Z", "");
        long offset = (Long) ride.get(6) / 4096 - 1;
        String telemetry = quarantine(
                ride,
                offset,
                head
                        + " mendoza v9: [INFO]: Telemetry - hrt = %d; rpm = %d; power = %s\\n\"}"
                                .formatted(
                                        lost.getInteger("heartRateBpm", 0),
                                        lost.getInteger("cadenceRpm"),
                                        lost.getDouble("powerW")));

        assertThat(api.all("listQuarantine", "ride", rideId).stream().map(r -> r.getString("recordId")))
                .contains(telemetry);
        assertThat(api.all("listQuarantine", "ride", ride.get(6)).stream().map(r -> r.getString("recordId")))
                .doesNotContain(telemetry);
        assertThat(before.getJsonObject("source").getLong("firstOffset")).isEqualTo(rideId / 4096);

        storeMinutesAsAnEarlierGateway(rideId);

        JsonObject replayed = api.json("replayQuarantined", "record", telemetry);

        assertThat(replayed)
                .isEqualTo(new JsonObject()
                        .put("recordId", telemetry)
                        .put("outcome", "added")
                        .put("rideId", rideId)
                        .put("elapsedS", second));
        JsonObject now = reading(rideId, second);
        assertThat(now.containsKey("resistance")).isFalse();
        assertThat(now.getDouble("powerW")).isEqualTo(lost.getDouble("powerW"));
        JsonObject after = api.json("getRideSummary", "ride", rideId);
        assertThat(after.getInteger("readings")).isEqualTo(before.getInteger("readings"));
        assertThat(after.getDouble("energyKj")).isEqualTo(before.getDouble("energyKj"));
        assertThat(api.exception(ALL, "replayQuarantined", "record", telemetry).getMessage())
                .contains("The record was already replayed.");
        assertThat(audited("replay_record", "record/" + telemetry)).isEqualTo(1);
        assertThat(api.json("getQuarantined", "record", telemetry).getString("status"))
                .isEqualTo("replayed");

        assertThat(fixture.warehouse.count("SELECT round(sum(energy_kj) * 10) FROM minute WHERE ride_id = " + rideId))
                .as("minutes follow")
                .isEqualTo(Math.round(after.getDouble("energyKj") * 10));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride_minute")).isZero();
    }

    private static JsonObject reading(long ride, int second) throws Exception {
        return api.json("getReadings", "ride", ride).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getInteger("elapsedS") == second)
                .findFirst()
                .orElseThrow();
    }

    private static void storeMinutesAsAnEarlierGateway(long ride) {
        fixture.warehouse.execute("""
                INSERT INTO ride_minute
                SELECT day, ride_id, minute, readings, energy_kj, power_mean_w, power_max_w, heart_rate_mean_bpm,
                    heart_rate_max_bpm, heart_rate_measured_s, cadence_mean_rpm, resistance_mean
                FROM minute WHERE ride_id = %d""".formatted(ride));
        assertThat(fixture.warehouse.count("SELECT count(*) FROM ride_minute")).isPositive();
    }

    private static void takeOut(long ride, int second) {
        fixture.warehouse.execute("""
                UPDATE ride_series SET delay_ms[%1$d - first_s + 1] = NULL, heart_rate_bpm[%1$d - first_s + 1] = NULL,
                    cadence_rpm[%1$d - first_s + 1] = NULL, resistance[%1$d - first_s + 1] = NULL,
                    power_w[%1$d - first_s + 1] = NULL
                WHERE ride_id = %2$d""".formatted(second, ride));
    }

    private static String quarantine(List<Object> ride, long offset, String value) {
        fixture.warehouse.execute("""
                INSERT INTO quarantine (source_id, record_offset, record_at, record_key, reason, detail, value)
                VALUES (%s, %d, now(), '%s', 'STRAY_TELEMETRY', 'late', convert_to('%s', 'UTF8'))
                ON CONFLICT (source_id, record_offset) DO UPDATE SET value = excluded.value""".formatted(ride.get(1), offset, ride.get(2), value));
        return ride.get(1) + "-" + offset;
    }

    @Test
    void saysWhyARecordCannotBeReplayed() throws Exception {
        List<Object> live = fixture.warehouse
                .rows("SELECT ride_id, source_id, stream_key FROM ride WHERE status = 'open' LIMIT 1")
                .getFirst();
        String ofLive = quarantine(
                live,
                90_000_000,
                "{\"log\": \"2026-11-24 10:00:00.5 mendoza v9: [INFO]: Telemetry - hrt = 90; rpm = 60; power = 50.0\\n\"}");
        String boundary = quarantine(live, 90_000_001, "{\"log\": \"--------- beginning of main\\n\"}");
        String nowhere = quarantine(
                List.of(1L, live.get(1), "no such bike"),
                90_000_002,
                "{\"log\": \"2026-11-24 10:00:00.5 mendoza v9: [INFO]: Telemetry - hrt = 90; rpm = 60; power = 50.0\\n\"}");

        assertThat(refusalOf(ofLive)).contains("live");
        assertThat(refusalOf(boundary)).contains("Only readings");
        assertThat(refusalOf(nowhere)).contains("No ride");
    }

    private static String refusalOf(String record) throws Exception {
        var refusal = api.exception(ALL, "replayQuarantined", "record", record);
        assertThat(refusal.status()).isEqualTo(409);
        return String.valueOf(refusal.getMessage());
    }

    @Test
    void runsReportsAFewTimesAnHourAlsoIfAskedAtOnce() throws Exception {
        fixture.warehouse.execute("DELETE FROM audit WHERE action = 'run_report'");
        List<Future<ApiResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            answers.add(api.send(ALL, "runReport", "date", "2026-11-1" + i % 10));
        }

        List<Object> statuses = new ArrayList<>();
        for (Future<ApiResponse> answer : answers) {
            statuses.add(await(answer.map(ApiResponse::status)
                    .otherwise(failure -> failure instanceof ApiException refused ? refused.status() : -1)));
        }

        assertThat(statuses).containsOnly(202, 429);
        assertThat(statuses.stream().filter(status -> status.equals(202))).hasSize(6);
        fixture.warehouse.execute("DELETE FROM audit WHERE action = 'run_report'");
    }

    @Test
    void listsReportsAndRunsThemAgain() throws Exception {
        List<String> woken = java.util.Collections.synchronizedList(new ArrayList<>());
        fixture.vertx().eventBus().<String>consumer("report.due", message -> woken.add(message.body()));

        assertThat(api.all("listReports")).anyMatch(r -> r.getString("date").equals("2026-11-24"));
        assertThat(api.json("getReport", "date", "2026-11-24")
                        .getJsonObject("figures")
                        .getInteger("rides"))
                .isEqualTo(7);
        assertThat(api.text("text/html", "getReport", "date", "2026-11-24")).isEqualTo("<p>7 rides</p>");
        assertThat(api.text("text/csv", "getReport", "date", "2026-11-24")).isEqualTo("rides,7");
        assertThat(api.text("application/pdf", "getReport", "date", "2026-11-24"))
                .startsWith("%PDF-");
        JsonObject due = api.json("runReport", "date", "2026-11-24");
        assertThat(due.getString("status")).isEqualTo("due");
        assertThat(due.getString("requestedBy")).isEqualTo("tester");
        api.json("runReport", "date", "2026-11-20");
        assertThat(api.exception(ALL, "runReport", "date", "2026-11-25").status())
                .isEqualTo(409);
        assertThat(api.exception(ALL, "getReport", "date", "2026-11-01").status())
                .isEqualTo(404);
        assertThat(audited("run_report", "report/2026-11-24")).isEqualTo(1);
        IngestFixture.awaitTrue(() -> woken.containsAll(List.of("2026-11-24", "2026-11-20")));
    }
}
