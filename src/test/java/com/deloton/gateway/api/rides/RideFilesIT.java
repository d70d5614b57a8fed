package com.deloton.gateway.api.rides;

import static com.deloton.gateway.testing.ApiFixture.ALL;
import static com.deloton.gateway.testing.ApiFixture.PSEUDONYMOUS;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.api.FleetApiFixture;
import com.deloton.gateway.api.request.ApiResponse;
import com.garmin.fit.Decode;
import com.garmin.fit.FitDecoder;
import com.garmin.fit.FitMessages;
import com.garmin.fit.RecordMesg;
import com.garmin.fit.SessionMesg;
import com.garmin.fit.Sport;
import com.garmin.fit.SubSport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The files of rides, as other programs read them. */
class RideFilesIT extends FleetApiFixture {
    private static JsonArray readings(long ride) throws Exception {
        return api.json("getReadings", "ride", ride).getJsonArray("items");
    }

    @Test
    void everyRideIsAValidTrainingCenterDocument() throws Exception {
        long gaps = 0;
        for (JsonObject ride : api.all("listRides", "limit", 200)) {
            long id = ride.getLong("rideId");

            Document tcx = TcxDocuments.valid(api.text("application/vnd.garmin.tcx+xml", "exportTcx", "ride", id));

            List<Element> points = TcxDocuments.elements(tcx.getDocumentElement(), "Trackpoint");
            JsonArray readings = readings(id);
            assertThat(points).hasSize(readings.size());
            for (int i = 0; i < points.size(); i++) {
                JsonObject reading = readings.getJsonObject(i);
                assertThat(TcxDocuments.number(points.get(i), "HeartRateBpm"))
                        .isEqualTo(reading.getInteger("heartRateBpm"));
                assertThat(TcxDocuments.number(points.get(i), "Cadence")).isEqualTo(reading.getInteger("cadenceRpm"));
                Float power = reading.getFloat("powerW");
                assertThat(TcxDocuments.number(points.get(i), "Watts"))
                        .isEqualTo(power == null ? null : Math.round(power));
                gaps += reading.containsKey("heartRateBpm") ? 0 : 1;
            }
            assertThat(TcxDocuments.number(tcx.getDocumentElement(), "TotalTimeSeconds"))
                    .isEqualTo(ride.getInteger("durationS"));
            assertThat(ImporterRules.broken(tcx)).as("ride %s", id).isEmpty();
        }
        assertThat(gaps).as("seconds without a heart rate").isPositive();
    }

    @Test
    void garminsSdkDecodesEveryRide() throws Exception {
        for (JsonObject ride : api.all("listRides", "limit", 200)) {
            long id = ride.getLong("rideId");
            ApiResponse response = api.respond(ALL, "application/vnd.ant.fit", null, "exportFit", "ride", id);
            byte[] file = response.body().getBytes();
            assertThat(response.headers())
                    .containsEntry("Content-Disposition", "attachment; filename=\"ride-%d.fit\"".formatted(id));
            assertThat(new Decode().checkFileIntegrity(new ByteArrayInputStream(file)))
                    .isTrue();

            FitMessages messages = new FitDecoder().decode(new ByteArrayInputStream(file));

            Instant start = Instant.ofEpochSecond(
                    Instant.parse(ride.getString("startedAt")).getEpochSecond());
            List<RecordMesg> records = messages.getRecordMesgs();
            JsonArray readings = readings(id);
            assertThat(records).hasSize(readings.size());
            for (int i = 0; i < records.size(); i++) {
                RecordMesg fit = records.get(i);
                JsonObject reading = readings.getJsonObject(i);
                assertThat(fit.getTimestamp().getDate().toInstant())
                        .isEqualTo(start.plusSeconds(reading.getInteger("elapsedS")));
                assertThat(Arrays.asList(fit.getHeartRate(), fit.getCadence(), fit.getResistance()))
                        .isEqualTo(Arrays.asList(
                                small(reading, "heartRateBpm"),
                                small(reading, "cadenceRpm"),
                                small(reading, "resistance")));
                Float power = reading.getFloat("powerW");
                assertThat(fit.getPower()).isEqualTo(power == null ? null : Math.round(power));
            }
            assertThat(messages.getFileIdMesgs()).hasSize(1);
            assertThat(messages.getActivityMesgs()).hasSize(1);
            assertThat(messages.getLapMesgs()).hasSize(1);
            assertThat(messages.getEventMesgs()).hasSize(2);
            SessionMesg session = messages.getSessionMesgs().getFirst();
            assertThat(session.getSport()).isEqualTo(Sport.CYCLING);
            assertThat(session.getSubSport()).isEqualTo(SubSport.INDOOR_CYCLING);
            assertThat(session.getTotalTimerTime())
                    .isEqualTo(ride.getInteger("durationS").floatValue());
            assertThat(session.getTotalWork()).isEqualTo(Math.round(ride.getDouble("energyKj") * 1_000));
        }
    }

    private static @Nullable Short small(JsonObject reading, String member) {
        Integer value = reading.getInteger(member);
        return value == null ? null : (Short) value.shortValue();
    }

    @Test
    void listsOfRidesAndRidersAreAlsoCsvPageByPage() throws Exception {
        for (String list : List.of("listRides", "listRiders")) {
            List<String> rows = new ArrayList<>();
            String head = null;
            ApiResponse page = api.respond(ALL, "text/csv", null, list, "limit", 7);
            while (true) {
                List<String> lines = page.body().toString().lines().toList();
                head = head == null ? lines.getFirst() : head;
                assertThat(lines.getFirst()).isEqualTo(head);
                rows.addAll(lines.subList(1, lines.size()));
                if (page.nextCursor() == null) {
                    break;
                }
                page = api.respond(ALL, "text/csv", null, list, "limit", 7, "cursor", page.nextCursor());
            }
            assertThat(rows).doesNotHaveDuplicates();
            assertThat(rows.stream().map(row -> row.split(",", 2)[0]))
                    .containsExactlyElementsOf(api.all(list, "limit", 200).stream()
                            .map(item -> String.valueOf(item.getValue(list.equals("listRides") ? "rideId" : "riderId")))
                            .toList());
        }
    }

    @Test
    void aCsvWithoutTheScopeForPersonalDataHasNoColumnsOfIt() throws Exception {
        String rides = api.respond(PSEUDONYMOUS, "text/csv", null, "listRides", "limit", 1)
                .body()
                .toString();
        String riders = api.respond(PSEUDONYMOUS, "text/csv", null, "listRiders", "limit", 1)
                .body()
                .toString();

        assertThat(rides)
                .startsWith(
                        "ride_id,rider_id,gender,age_group,bike,status,started_at,ended_at,duration_s,readings,energy_kj,"
                                + "power_mean_w,power_max_w,heart_rate_mean_bpm,heart_rate_max_bpm,cadence_mean_rpm\r\n");
        assertThat(riders).startsWith("rider_id,gender,age_group,last_seen_at\r\n");
        assertThat(api.text("text/csv", "listRiders", "limit", 1))
                .startsWith("rider_id,gender,age_group,last_seen_at,title,name,age_years,date_of_birth,email_address,"
                        + "address_unit,address_street,address_city,address_postcode,height_cm,weight_kg,"
                        + "account_created,original_source\r\n");
    }
}
