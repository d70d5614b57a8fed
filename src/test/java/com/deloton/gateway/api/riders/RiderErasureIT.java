package com.deloton.gateway.api.riders;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.ApiFixture;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Searches every column of every table, decoded in every way, for an erased rider. */
@SuppressWarnings("NullAway.Init")
class RiderErasureIT {
    private static final int RIDER = 482_611;
    private static final int OTHER = 482_612;
    private static final String SERIAL = "SN7731QX";

    /** Each has a run of ASCII letters or digits that is nowhere else in the database. */
    private static final List<String> TRACES = List.of(
            "llerquist", // the surname without its first letters
            "zoequist.bike", // the mail address
            "quistlane", // the street
            "q9x7zz", // the postcode
            "townquist", // the city
            "1964-03-09",
            "183513600000", // the date of birth in milliseconds
            SERIAL.toLowerCase(Locale.ROOT),
            String.valueOf(RIDER));

    /** The tombstone and the audit, which prove the erasure. */
    private static final Set<String> PROOF = Set.of("rider.rider_id", "audit.target");

    private IngestFixture fixture;
    private Warehouse warehouse;
    private ApiFixture api;

    @BeforeEach
    void fill() throws Exception {
        fixture = new IngestFixture();
        warehouse = fixture.warehouse;
        api = new ApiFixture(fixture.vertx(), fixture.pool(), InstantSource.system());
        warehouse.execute("INSERT INTO ingest_position (topic, partition, next_offset) VALUES ('deloton', 0, 100000)");
        rider(RIDER, "Zoë", "Müllerquist", "Zoequist.Bike@example.com", "9 Quistlane", "Townquist", "Q9X 7ZZ");
        rider(OTHER, "Ann", "Otherperson", "other@example.com", "1 Lane", "Town", "AB1 2CD");
        ride(100, RIDER, SERIAL);
        ride(200, OTHER, "SN0002");
        ride(300, RIDER, "SN0002");
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void rider(int id, String first, String surname, String mail, String street, String city, String postcode) {
        warehouse.execute("""
                INSERT INTO rider (rider_id, title, name, gender, date_of_birth, email_address, address_unit,
                    address_street, address_city, address_postcode, height_cm, weight_kg, account_created,
                    original_source, seen_at)
                VALUES (%d, 'Mx', '%s %s', 'female', DATE '1964-03-09' + %d, '%s', NULL, '%s', '%s', '%s', 171, 63,
                    '2021-05-05', 'direct', now())""".formatted(id, first, surname, id - RIDER, mail, street, city, postcode));
    }

    /** An ended ride with readings, minutes, and an alert whose mail was refused with a text that names the address. */
    private void ride(long offset, int rider, String serial) {
        warehouse.execute("""
                INSERT INTO webhook_endpoint (name, events) VALUES ('echo', '{ride.ended,alert.raised}')
                ON CONFLICT DO NOTHING;
                INSERT INTO bike (bike_serial, first_seen_at, last_seen_at) VALUES ('%3$s', now(), now())
                ON CONFLICT DO NOTHING;
                INSERT INTO ride (ride_id, source_id, stream_key, rider_id, bike_serial, started_at, gender, age_years,
                    status, readings, energy_kj, zone_s, range_min_bpm, range_max_bpm)
                VALUES (%1$d, 1, '%3$s', %2$d, '%3$s', '2026-11-24T10:00:00Z', 'female', 62, 'completed', 2, 1.5,
                    '{1,1,0,0,0}', 52, 151);
                INSERT INTO ride_series VALUES ('2026-11-24', %1$d, 1, '2026-11-24T10:00:01Z', '{0,0}', '{99,100}',
                    '{60,61}', '{30,30}', '{100,101}');
                INSERT INTO ride_minute VALUES ('2026-11-24', %1$d, 0, 2, 0.2, 100, 101, 99, 100, 2, 60, 30);
                INSERT INTO ride_minutes VALUES (%1$d, '2026-11-24', 1, '{2}', '{100,2}', '{0.2,100,101,99,60,30}');
                INSERT INTO alert (ride_id, first_s, rider_id, first_at, raised_s, raised_at, received_at, raised_bpm,
                    high, min_bpm, max_bpm, severity, bike_serial)
                VALUES (%1$d, 1, %2$d, now(), 3, '2026-11-24T10:00:03Z', now(), 200, true, 57, 151, 'warning', '%3$s');
                INSERT INTO alert_transition VALUES (%1$d, 1, 'firing', 3, now(), 200, 151, 200, 'warning');
                INSERT INTO alert_delivery (ride_id, first_s, kind, status, reason)
                SELECT %1$d, 1, 'alert', 'failed', 'refused ' || email_address FROM rider WHERE rider_id = %2$d;
                INSERT INTO alert_attempt (ride_id, first_s, kind, attempt, outcome, answer)
                SELECT %1$d, 1, 'alert', 1, 'refused', 'no mailbox ' || email_address FROM rider WHERE rider_id = %2$d;
                INSERT INTO webhook_attempt (delivery_id, attempt, answer)
                SELECT delivery_id, 1, 'got rider %2$d on %3$s' FROM webhook_delivery WHERE ride_id = %1$d;
                INSERT INTO rider_alert_setting (rider_id, max_bpm) VALUES (%2$d, 151) ON CONFLICT DO NOTHING""".formatted(offset * 4096 + 1, rider, serial));
    }

    private void quarantine(long offset, String key, byte[] value) throws Exception {
        IngestFixture.await(fixture.pool()
                .preparedQuery(
                        "INSERT INTO quarantine (source_id, record_offset, record_at, record_key, reason, detail,"
                                + " value) VALUES (1, $1, now(), $2, 'BAD_RIDER_DATA', 'x', $3)")
                .execute(Tuple.of(offset, key, Buffer.buffer(value))));
    }

    private long records(String where) {
        return warehouse.count("SELECT count(*) FROM quarantine WHERE " + where);
    }

    @Test
    void leavesNoTraceInAnyTableOrEncoding() throws Exception {
        List<byte[]> about = List.of(
                utf8("{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":482611,\\\"x\\\":\"}"),
                utf8("{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":\\\"482611\\\"\"}"),
                utf8("user_id=482611"),
                utf8("USER_ID = 482611"),
                utf8("\\u0075ser\\u005fid: \\u0034\\u0038\\u0032\\u0036\\u0031\\u0031"),
                utf8("mail ZOEQUIST.BIKE@EXAMPLE.COM"),
                utf8("zoequist.bike\\u0040example.com"),
                utf8("name Zoë Müllerquist, address 9 Quistlane"),
                "name Zoë Müllerquist, address 9 Quistlane".getBytes(StandardCharsets.ISO_8859_1),
                "MÜLLERQUIST,9 QUISTLANE,TOWNQUIST,Q9X 7ZZ".getBytes(StandardCharsets.UTF_16LE),
                utf8("M\\u00fcllerquist of Q9X7ZZ, Townquist"),
                utf8("M\\\\u00FCllerquist, 9\\u0020Quistlane"),
                utf8("{'user_id': '482611', 'date_of_birth': -183513600000"));
        for (int i = 0; i < about.size(); i++) {
            quarantine(1_000 + i, "another stream", about.get(i));
        }
        quarantine(110, SERIAL, utf8("hrt = 99; rpm = x")); // no rider in the text, but in the ride of its stream
        quarantine(210, "SN0002", utf8("hrt = 98; rpm = x"));
        quarantine(2_000, "another stream", utf8("{\"user_id\":482612,\"name\":\"Ann Otherperson\""));
        assertThat(records("rider_id = " + RIDER)).isEqualTo(1);
        assertThat(records("rider_id = " + OTHER + " AND bike_serial = 'SN0002'"))
                .isEqualTo(1);
        assertThat(traces())
                .as("what the search finds before")
                .contains("rider.name", "quarantine.value", "ride.bike_serial", "webhook_attempt.answer");
        Map<String, Object> other = aboutTheOther();

        JsonObject erased = api.json("eraseRider", "rider", RIDER);

        assertThat(erased.getInteger("quarantined")).isEqualTo(about.size() + 1);
        assertThat(erased.getInteger("rides")).isEqualTo(2);
        assertThat(traces()).isEqualTo(PROOF);
        assertThat(aboutTheOther()).isEqualTo(other);
        assertThat(warehouse.rows("""
                        SELECT DISTINCT rider_id, bike_serial, gender, age_years, zone_s, range_min_bpm, range_max_bpm,
                            stream_key, energy_kj
                        FROM ride WHERE rider_erased"""))
                .containsExactly(java.util.Arrays.asList(null, null, "unknown", null, null, null, null, "", 1.5));
        assertThat(warehouse.rows("SELECT rider_key, bike_key, gender, age_band, zone1_s FROM analytics.fact_ride"
                        + " WHERE rider_key IS NULL"))
                .hasSize(2)
                .allMatch(row -> row.equals(java.util.Arrays.asList(null, null, "unknown", "unknown", null)));
        assertThat(warehouse.count("SELECT count(*) FROM bike WHERE bike_serial = '" + SERIAL + "'"))
                .isZero();
        assertThat(warehouse.count("SELECT count(*) FROM minute JOIN ride USING (ride_id) WHERE rider_erased"))
                .isZero();
    }

    @Test
    void keepsNothingOfWhatArrivesAfterTheErasure() throws Exception {
        api.json("eraseRider", "rider", RIDER);
        ride(400, RIDER, SERIAL);
        warehouse.execute("UPDATE alert SET stored_at = now() - interval '11 minutes' WHERE rider_erased");
        quarantine(410, SERIAL, utf8("hrt = 99; rpm = x"));
        quarantine(3_000, "another stream", utf8("{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":\\\"482611\\\",\\\"x"));

        assertThat(records("value IS NULL AND rider_id IS NULL AND bike_serial IS NULL"))
                .isEqualTo(2);
        IngestFixture.await(
                fixture.pool().query("SELECT forget_ended_rides_of_erased()").execute());
        warehouse.execute("DELETE FROM rider_alert_setting WHERE rider_id = " + RIDER); // of the fixture
        warehouse.execute("DELETE FROM webhook_attempt"); // of the fixture: its answers name the rider
        warehouse.execute("DELETE FROM bike WHERE bike_serial = '" + SERIAL + "'"); // somebody's later ride keeps it
        warehouse.execute("UPDATE quarantine SET record_key = NULL WHERE record_key = '" + SERIAL + "'");

        assertThat(traces()).isEqualTo(PROOF);
        assertThat(warehouse.count("SELECT count(*) FROM alert WHERE rider_erased"))
                .isZero();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All rows of the other rider, as text. */
    private Map<String, Object> aboutTheOther() {
        Map<String, Object> rows = new LinkedHashMap<>();
        for (String table : List.of("rider", "ride", "alert", "rider_alert_setting", "quarantine")) {
            rows.put(
                    table,
                    warehouse.rows("SELECT t::text FROM %s t WHERE rider_id = %d ORDER BY 1".formatted(table, OTHER)));
        }
        rows.put("rest", warehouse.rows("""
                SELECT (SELECT count(*) FROM ride_series), (SELECT count(*) FROM minute WHERE ride_id = 200 * 4096 + 1),
                    (SELECT count(*) FROM alert_attempt WHERE ride_id = 200 * 4096 + 1),
                    (SELECT count(*) FROM quarantine WHERE record_offset = 2000)""").getFirst().subList(1, 4));
        return rows;
    }

    /** The columns of base tables that hold a trace in any row: as text, or in bytes decoded in any way. */
    private Set<String> traces() {
        String everything = warehouse.rows("""
                        SELECT format('SELECT DISTINCT %L, %I::text FROM %I.%I', table_name || '.' || column_name, column_name,
                            table_schema, table_name)
                        FROM information_schema.columns JOIN information_schema.tables t USING (table_schema, table_name)
                        WHERE t.table_type = 'BASE TABLE' AND table_schema IN ('public', 'analytics')""").stream()
                .map(row -> (String) row.getFirst())
                .collect(Collectors.joining(" UNION ALL "));
        Set<String> found = new TreeSet<>();
        for (List<Object> value : warehouse.rows(everything)) {
            if (value.get(1) != null && readings((String) value.get(1)).stream().anyMatch(RiderErasureIT::isTrace)) {
                found.add((String) value.getFirst());
            }
        }
        return found;
    }

    /** The text of a column, and if it is a bytea ({@code \x…}) its bytes without zeros, and decoded. */
    private static List<String> readings(String text) {
        List<String> all = new ArrayList<>(List.of(text));
        if (text.startsWith("\\x")) {
            byte[] bytes = HexFormat.of().parseHex(text.substring(2));
            all.add(new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", ""));
            all.addAll(RecordText.of(bytes));
        }
        return all;
    }

    private static boolean isTrace(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return TRACES.stream().anyMatch(trace -> lower.contains(trace) || lower.contains(trace.replace('.', ' ')));
    }
}
