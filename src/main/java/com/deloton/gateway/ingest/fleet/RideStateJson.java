package com.deloton.gateway.ingest.fleet;

import com.deloton.gateway.event.IngestBatch.OpenRide;
import com.deloton.gateway.event.IngestBatch.Started;
import com.deloton.gateway.ingest.fleet.FleetRecord.RideState;
import com.deloton.gateway.ride.HeartRateLimits;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.Rider;
import com.deloton.gateway.ride.Rider.Address;
import com.deloton.gateway.ride.Rider.Gender;
import com.deloton.gateway.ride.heartrate.Episode;
import com.deloton.gateway.ride.heartrate.Episode.Phase;
import com.deloton.gateway.ride.heartrate.Episode.Rule;
import com.deloton.gateway.ride.heartrate.Episode.Severity;
import com.deloton.gateway.ride.heartrate.Episode.SuppressionReason;
import com.deloton.gateway.ride.heartrate.Episode.Transition;
import com.deloton.gateway.ride.heartrate.HeartRateEvent;
import com.deloton.gateway.ride.heartrate.HeartRateState;
import com.deloton.gateway.ride.heartrate.HeartRateState.Firing;
import com.deloton.gateway.ride.heartrate.HeartRateState.Recovering;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a ride as JSON. Of the rider only what the live view shows: id, name, gender and date of birth. */
final class RideStateJson {
    private static final Address NO_ADDRESS = new Address(null, null, null, null);

    private RideStateJson() {}

    static JsonObject encode(RideState state) {
        OpenRide ride = state.ride();
        Started started = ride.started();
        JsonArray events = new JsonArray();
        state.events().stream()
                .map(RideStateJson::event)
                .filter(event -> !event.isEmpty())
                .forEach(events::add);
        return new JsonObject()
                .put("ride", started.rideId())
                .put("key", started.streamKey())
                .put("bike", started.bikeSerial())
                .put("startedAt", started.startedAtMicros())
                .put("rider", rider(started.rider()))
                .put("limits", limits(started.limits()))
                .put("last", reading(ride.last()))
                .put("receivedAt", ride.receivedAtMicros())
                .put("kj", ride.energyKj())
                .put("heart", heart(ride.heart()))
                .put("events", events)
                .put("replaces", state.replaces());
    }

    static RideState decode(JsonObject json) {
        Started started = new Started(
                json.getLong("ride"),
                json.getString("key"),
                riderOf(json.getJsonObject("rider")),
                json.getString("bike"),
                json.getLong("startedAt"),
                limitsOf(json.getJsonArray("limits")));
        List<HeartRateEvent> events = new ArrayList<>();
        json.getJsonArray("events").forEach(event -> events.add(eventOf((JsonObject) event)));
        return new RideState(
                new OpenRide(
                        started,
                        readingOf(json.getJsonObject("last")),
                        json.getLong("receivedAt"),
                        json.getDouble("kj"),
                        heartOf(json.getJsonObject("heart"))),
                events,
                json.getBoolean("replaces"));
    }

    private static @Nullable JsonObject rider(@Nullable Rider rider) {
        return rider == null
                ? null
                : new JsonObject()
                        .put("id", rider.id())
                        .put("name", rider.name())
                        .put("gender", rider.gender().name())
                        .put(
                                "born",
                                rider.dateOfBirth() == null
                                        ? null
                                        : rider.dateOfBirth().toString());
    }

    private static @Nullable Rider riderOf(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        String born = json.getString("born");
        return new Rider(
                json.getLong("id"),
                null,
                json.getString("name"),
                Gender.valueOf(json.getString("gender")),
                born == null ? null : LocalDate.parse(born),
                null,
                NO_ADDRESS,
                null,
                null,
                null,
                null);
    }

    private static @Nullable JsonArray limits(@Nullable HeartRateLimits limits) {
        return limits == null ? null : new JsonArray().add(limits.minBpm()).add(limits.maxBpm());
    }

    private static @Nullable HeartRateLimits limitsOf(@Nullable JsonArray json) {
        return json == null ? null : new HeartRateLimits(json.getInteger(0), json.getInteger(1));
    }

    private static @Nullable JsonObject reading(@Nullable Reading reading) {
        return reading == null
                ? null
                : new JsonObject()
                        .put("s", reading.elapsedS())
                        .put("at", reading.atMicros())
                        .put("hr", reading.heartRateBpm())
                        .put("rpm", reading.cadenceRpm())
                        .put("res", reading.resistance())
                        .put("w", reading.hasPower() ? reading.powerW() : null);
    }

    private static @Nullable Reading readingOf(@Nullable JsonObject json) {
        if (json == null) {
            return null;
        }
        Float power = json.getFloat("w");
        return new Reading(
                json.getInteger("s"),
                json.getLong("at"),
                json.getInteger("hr"),
                json.getInteger("rpm"),
                json.getInteger("res"),
                power == null ? Float.NaN : power);
    }

    /** Null without an open episode; a run that is too short for one is the next owner's to find. */
    private static @Nullable JsonObject heart(HeartRateState state) {
        return switch (state) {
            case Firing firing -> firing(firing);
            case Recovering recovering -> firing(recovering.from()).put("recovering", recovering.count());
            case HeartRateState.Normal normal -> null;
            case HeartRateState.Pending pending -> null;
        };
    }

    private static JsonObject firing(Firing firing) {
        return new JsonObject()
                .put("episode", episode(firing.episode()))
                .put("worst", firing.worstBpm())
                .put("severity", firing.severity().name());
    }

    private static HeartRateState heartOf(@Nullable JsonObject json) {
        if (json == null) {
            return HeartRateState.normal();
        }
        Firing firing = new Firing(
                episodeOf(json.getJsonObject("episode")),
                json.getInteger("worst"),
                Severity.valueOf(json.getString("severity")));
        Integer recovering = json.getInteger("recovering");
        return recovering == null ? firing : new Recovering(firing, recovering);
    }

    /** Empty for a sensor fault, which no page shows. */
    private static JsonObject event(HeartRateEvent event) {
        return switch (event) {
            case HeartRateEvent.Raised raised -> {
                JsonArray transitions = new JsonArray();
                raised.transitions().forEach(step -> transitions.add(transition(step)));
                yield new JsonObject().put("episode", episode(raised.episode())).put("raised", transitions);
            }
            case HeartRateEvent.Changed changed ->
                new JsonObject()
                        .put("episode", episode(changed.episode()))
                        .put("changed", transition(changed.transition()));
            case HeartRateEvent.SensorFault fault -> new JsonObject();
        };
    }

    private static HeartRateEvent eventOf(JsonObject json) {
        Episode episode = episodeOf(json.getJsonObject("episode"));
        JsonArray raised = json.getJsonArray("raised");
        if (raised == null) {
            return new HeartRateEvent.Changed(episode, transitionOf(json.getJsonObject("changed")));
        }
        return new HeartRateEvent.Raised(
                episode,
                raised.stream().map(step -> transitionOf((JsonObject) step)).toList());
    }

    private static JsonObject episode(Episode episode) {
        SuppressionReason suppression = episode.suppression();
        return new JsonObject()
                .put("rule", episode.rule().name())
                .put("firstS", episode.firstS())
                .put("firstAt", episode.firstAtMicros())
                .put("raisedS", episode.raisedS())
                .put("raisedAt", episode.raisedAtMicros())
                .put("bpm", episode.raisedBpm())
                .put("high", episode.high())
                .put("limits", limits(episode.limits()))
                .put("severity", episode.severity().name())
                .put("suppression", suppression == null ? null : suppression.name());
    }

    private static Episode episodeOf(JsonObject json) {
        String suppression = json.getString("suppression");
        JsonArray limits = json.getJsonArray("limits");
        return new Episode(
                Rule.valueOf(json.getString("rule")),
                json.getInteger("firstS"),
                json.getLong("firstAt"),
                json.getInteger("raisedS"),
                json.getLong("raisedAt"),
                json.getInteger("bpm"),
                json.getBoolean("high"),
                new HeartRateLimits(limits.getInteger(0), limits.getInteger(1)),
                Severity.valueOf(json.getString("severity")),
                suppression == null ? null : SuppressionReason.valueOf(suppression));
    }

    private static JsonObject transition(Transition step) {
        return new JsonObject()
                .put("phase", step.phase().name())
                .put("s", step.elapsedS())
                .put("at", step.atMicros())
                .put("bpm", step.bpm())
                .put("limit", step.limitBpm())
                .put("worst", step.worstBpm())
                .put("severity", step.severity().name());
    }

    private static Transition transitionOf(JsonObject json) {
        return new Transition(
                Phase.valueOf(json.getString("phase")),
                json.getInteger("s"),
                json.getLong("at"),
                json.getInteger("bpm"),
                json.getInteger("limit"),
                json.getInteger("worst"),
                Severity.valueOf(json.getString("severity")));
    }
}
