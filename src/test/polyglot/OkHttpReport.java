import com.deloton.okhttp.RidersApi;
import com.deloton.okhttp.RidesApi;
import com.deloton.okhttp.http.ApiClient;
import com.deloton.okhttp.http.ApiException;
import com.deloton.okhttp.model.Problem;
import com.deloton.okhttp.model.Reading;
import com.deloton.okhttp.model.Ride;
import com.deloton.okhttp.model.Rider;
import java.util.ArrayList;
import java.util.List;

/** What RideReport does, with the client that openapi-generator makes for OkHttp and Gson. */
public final class OkHttpReport {
    private OkHttpReport() {}

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
                            ride.getEnergyKj().doubleValue()));
        }

        Ride last = rides.getRide(found.getLast().getRideId());
        lines.add("last %d at %d".formatted(last.getRideId(), last.getStartedAt().toInstant().toEpochMilli()));
        for (Reading reading : rides.getReadings(last.getRideId(), 60).getItems()) {
            lines.add("minute %d: %.1f bpm, %.1f W"
                    .formatted(
                            reading.getElapsedS() / 60,
                            reading.getHeartRateBpm().doubleValue(),
                            reading.getPowerW().doubleValue()));
        }
        if (!String.valueOf(rides.exportTcx(last.getRideId())).contains("<Trackpoint>")) {
            throw new IllegalStateException("the TCX export has no trackpoint");
        }

        for (Rider rider : new RidersApi(client(baseUrl, token))
                .listRiders(null, null, null, null, null, null, null)
                .getItems()) {
            lines.add("rider %d: %s, %s, born %s"
                    .formatted(rider.getRiderId(), rider.getName(), rider.getGender(), rider.getDateOfBirth()));
        }

        lines.add("no ride: " + refusal(client(baseUrl, token)));
        lines.add("no scope: " + refusal(client(baseUrl, tokenWithoutScope)));
        return lines;
    }

    private static ApiClient client(String baseUrl, String token) {
        return new ApiClient().setBasePath(baseUrl).addDefaultHeader("Authorization", "Bearer " + token);
    }

    private static String refusal(ApiClient client) throws Exception {
        try {
            return "none: " + new RidesApi(client).getRide(1L);
        } catch (ApiException e) {
            Problem problem = Problem.fromJson(e.getResponseBody());
            return e.getCode() + " " + problem.getStatus() + " " + problem.getTitle();
        }
    }
}
