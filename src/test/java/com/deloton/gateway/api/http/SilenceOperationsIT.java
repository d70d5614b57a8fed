package com.deloton.gateway.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.Warehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SilenceOperationsIT {
    private final String inAnHour = Instant.now()
            .plus(1, ChronoUnit.HOURS)
            .truncatedTo(ChronoUnit.MILLIS)
            .toString();

    private final Warehouse warehouse = Warehouse.fresh();
    private final WholeApi api = new WholeApi(warehouse);

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void aSilenceIsSetListedAndExpired() {
        JsonObject set = new JsonObject()
                .put("riderId", 4826)
                .put("bike", "SN0007")
                .put("city", "South Owenshire")
                .put("endsAt", inAnHour)
                .put("comment", "Strap test");

        HttpResponse<String> created = call("POST", "/v1/silences", set);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonObject silence = new JsonObject(created.body());
        assertThat(silence.getMap()).containsAllEntriesOf(set.getMap()).containsEntry("state", "active");
        assertThat(items("/v1/silences?state=active")).containsExactly(silence);
        assertThat(items("/v1/silences?state=pending")).isEmpty();
        String path = "/v1/silences/" + silence.getLong("silenceId");
        assertThat(call("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(call("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(items("/v1/silences?state=expired"))
                .singleElement()
                .satisfies(item ->
                        assertThat(((JsonObject) item).getString("expiredBy")).isEqualTo("somebody"));
        assertThat(warehouse.rows("SELECT action, target FROM audit ORDER BY audit_id"))
                .containsExactly(List.of("create_silence", "silence/1"), List.of("expire_silence", "silence/1"));
    }

    @Test
    void aSilenceNeedsACriterionAndAnEndWithin31Days() {
        JsonObject open = new JsonObject().put("comment", "x").put("endsAt", inAnHour);
        String in32Days = Instant.now().plus(32, ChronoUnit.DAYS).toString();

        assertThat(refused("/v1/silences", open))
                .contains("has no criterion; expected at least one of riderId, bike and city");
        open.put("bike", "SN0007");
        assertThat(refused("/v1/silences", open.copy().put("endsAt", "2026-01-01T00:00:00Z")))
                .contains("must be after startsAt and in the future");
        assertThat(refused("/v1/silences", open.copy().put("endsAt", in32Days)))
                .contains("is too long after startsAt; expected at most 31 days");
        assertThat(call("DELETE", "/v1/silences/7", null).statusCode()).isEqualTo(404);
    }

    @Test
    void cityAndCommentNeedTheScopeForPersonalData() {
        warehouse.execute("""
                INSERT INTO silence (city, starts_at, ends_at, comment, created_by)
                VALUES ('Leeds', now(), now() + interval '1 hour', 'Zoë is in hospital', 'coach-7')""");
        String token = api.fixture.issuer.token("rides:read", "alerts:write");

        assertThat(new JsonObject(send("GET", "/v1/silences", null, token).body())
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .fieldNames())
                .doesNotContain("city", "comment");
        JsonObject set =
                new JsonObject().put("city", "Leeds").put("endsAt", inAnHour).put("comment", "x");
        assertThat(send("POST", "/v1/silences", set, token).statusCode()).isEqualTo(403);
    }

    @Test
    void aSilenceCoversWhatMatchesAllItsCriteriaBetweenItsTimes() {
        warehouse.execute("""
                INSERT INTO silence (rider_id, bike_serial, city, starts_at, ends_at, comment, created_by) VALUES
                    (7, 'SN1', NULL, '2026-11-24T10:00Z', '2026-11-24T11:00Z', 'x', 'x'),
                    (NULL, NULL, 'Leeds', '2026-11-24T10:00Z', '2026-11-24T12:00Z', 'x', 'x')""");

        assertThat(warehouse.rows("""
                SELECT coalesce(silence_of(7, 'SN1', NULL, '2026-11-24T10:00Z'), 0),
                    coalesce(silence_of(7, 'SN1', NULL, '2026-11-24T11:00Z'), 0),
                    coalesce(silence_of(7, 'SN1', NULL, '2026-11-24T09:59:59Z'), 0),
                    coalesce(silence_of(7, 'SN2', NULL, '2026-11-24T10:30Z'), 0),
                    coalesce(silence_of(7, NULL, NULL, '2026-11-24T10:30Z'), 0),
                    coalesce(silence_of(NULL, 'SN1', 'LEEDS', '2026-11-24T10:30Z'), 0),
                    coalesce(silence_of(7, 'SN1', 'leeds', '2026-11-24T10:30Z'), 0)""")).containsExactly(List.of(1L, 0L, 0L, 0L, 0L, 2L, 2L));
    }

    @Test
    void manyAlertsAreAcknowledgedAtOnceAndTheUndoTakesThatBack() {
        alerts(1, 2, 3);
        warehouse.execute("UPDATE alert SET acknowledged_at = '2026-11-24T10:00Z' WHERE ride_id = 3");
        JsonObject body = new JsonObject()
                .put("alerts", new JsonArray().add("1-5").add("2-5").add("3-5").add("9-5"))
                .put("comment", "Strap test");

        JsonObject done = created("/v1/alert-acknowledgements", body);

        assertThat(done)
                .isEqualTo(new JsonObject()
                        .put("acknowledgementId", 1)
                        .put("alerts", 2)
                        .put("complete", true));
        assertThat(items("/v1/alerts?acknowledged=true")).hasSize(3);
        assertThat(items("/v1/alerts?ride=1"))
                .singleElement()
                .satisfies(item -> assertThat(((JsonObject) item).getMap())
                        .containsEntry("acknowledgedBy", "somebody")
                        .containsEntry("acknowledgementId", 1)
                        .containsEntry("acknowledgementComment", "Strap test"));
        warehouse.execute("UPDATE alert SET rider_answer = 'sensor_fault' WHERE ride_id = 2");

        assertThat(call("DELETE", "/v1/alert-acknowledgements/1", null).statusCode())
                .isEqualTo(204);

        assertThat(warehouse.rows("SELECT ride_id FROM alert WHERE acknowledged_at IS NULL"))
                .containsExactly(List.of(1L));
        assertThat(call("DELETE", "/v1/alert-acknowledgements/9", null).statusCode())
                .isEqualTo(404);
        assertThat(warehouse.rows("SELECT action, target, detail ->> 'alerts' FROM audit ORDER BY audit_id"))
                .containsExactly(
                        List.of("acknowledge_alerts", "alert-acknowledgement/1", "2"),
                        List.of("undo_acknowledgement", "alert-acknowledgement/1", "1"));
    }

    @Test
    void allAlertsRaisedBeforeATimeAreAcknowledged() {
        alerts(1, 2);
        warehouse.execute("UPDATE alert SET raised_at = '2026-11-24T10:00Z' WHERE ride_id = 1");

        JsonObject done =
                created("/v1/alert-acknowledgements", new JsonObject().put("raisedBefore", "2026-11-24T10:00:01Z"));

        assertThat(done.getInteger("alerts")).isEqualTo(1);
        assertThat(items("/v1/alerts?acknowledged=false")).hasSize(1);
        assertThat(refused("/v1/alert-acknowledgements", new JsonObject()))
                .contains("must have either alerts or raisedBefore");
    }

    private void alerts(int... rides) {
        for (int ride : rides) {
            warehouse.execute("""
                    INSERT INTO alert (ride_id, first_s, first_at, raised_s, raised_at, received_at, raised_bpm, high, min_bpm,
                        max_bpm, severity)
                    VALUES (%d, 5, now(), 7, now(), now(), 190, true, 50, 180, 'warning')""".formatted(ride));
        }
    }

    private JsonArray items(String path) {
        return new JsonObject(call("GET", path, null).body()).getJsonArray("items");
    }

    private JsonObject created(String path, JsonObject body) {
        HttpResponse<String> response = call("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return new JsonObject(response.body());
    }

    private String refused(String path, JsonObject body) {
        HttpResponse<String> response = call("POST", path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        return response.body();
    }

    private HttpResponse<String> call(String method, String path, @Nullable JsonObject body) {
        return send(method, path, body, api.fixture.issuer.token("rides:read", "riders:read", "alerts:write"));
    }

    private HttpResponse<String> send(String method, String path, @Nullable JsonObject body, String token) {
        var request = api.fixture.request(path).header("Authorization", "Bearer " + token);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return api.fixture.send(request.method(
                method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode())));
    }
}
