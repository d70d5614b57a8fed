import com.deloton.client.RidersApi;
import com.deloton.client.RidesApi;
import com.deloton.client.http.ApiClient;
import com.deloton.client.http.ApiException;
import com.deloton.client.model.Problem;
import com.deloton.client.model.Reading;
import com.deloton.client.model.Ride;
import com.deloton.client.model.Rider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a program of somebody else does with the client that openapi-generator makes of openapi.yaml. */
public final class RideReport {
    private RideReport() {}

    public static List<String> of(String baseUrl, String token, String tokenWithoutScope) throws Exception {
        List<String> lines = new ArrayList<>();
        RidesApi rides = new RidesApi(client(baseUrl, token));
        List<Ride> found = new ArrayList<>();
        String cursor = null;
        do {
            var page = rides.listRides(
                    null, null, "SN0007", List.of("female", "other"), null, null, null, null, null, null, null, null,
                    null, null, "startedAt", 2, cursor);
            found.addAll(page.getItems());
            cursor = page.getNext();
        } while (cursor != null);
        for (Ride ride : found) {
            lines.add("ride %d of %s: %s, %d s, %.1f kJ"
                    .formatted(
                            ride.getRideId(),
                            ride.getRider().getName(),
                            ride.getStatus(),
                            ride.getDurationS(),
                            ride.getEnergyKj()));
        }

        Ride last = rides.getRide(found.getLast().getRideId());
        Instant startedAt = last.getStartedAt().toInstant();
        lines.add("last %d at %d".formatted(last.getRideId(), startedAt.toEpochMilli()));
        for (Reading reading : rides.getReadings(last.getRideId(), 60).getItems()) {
            lines.add("minute %d: %.1f bpm, %.1f W"
                    .formatted(reading.getElapsedS() / 60, reading.getHeartRateBpm(), reading.getPowerW()));
        }

        for (Rider rider : new RidersApi(client(baseUrl, token)).listRiders(null, null, null, null, null, null, null).getItems()) {
            lines.add("rider %d: %s, %s, born %s"
                    .formatted(rider.getRiderId(), rider.getName(), rider.getGender(), rider.getDateOfBirth()));
        }

        lines.add("no ride: " + refusal(client(baseUrl, token)));
        lines.add("no scope: " + refusal(client(baseUrl, tokenWithoutScope)));
        return lines;
    }

    private static ApiClient client(String baseUrl, String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(baseUrl);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return client;
    }

    private static String refusal(ApiClient client) throws Exception {
        try {
            return "none: " + new RidesApi(client).getRide(1L);
        } catch (ApiException e) {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            return e.getCode() + " " + problem.getStatus() + " " + problem.getTitle();
        }
    }
}
