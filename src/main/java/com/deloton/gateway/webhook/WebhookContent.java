package com.deloton.gateway.webhook;

import com.deloton.gateway.config.webhook.WebhookEndpoint;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The body of a call: standard JSON, Slack's incoming webhooks, or PagerDuty's Events API v2. */
final class WebhookContent {
    private static final List<String> PERSONAL = List.of("riderName", "minBpm", "maxBpm");
    /** PagerDuty's limit. */
    private static final int MAX_SUMMARY = 1_024;

    /** Escaping makes up to five characters of one, so that with its link the text stays below Slack's 3,000. */
    private static final int MAX_SLACK_SUMMARY = 400;

    private final WebhookEndpoint endpoint;
    private final String publicUrl;

    /**
     * The bodies for one endpoint.
     *
     * @param publicUrl how people reach the gateway, without a slash at the end
     */
    WebhookContent(WebhookEndpoint endpoint, String publicUrl) {
        this.endpoint = endpoint;
        this.publicUrl = publicUrl;
    }

    String body(WebhookDelivery delivery) {
        JsonObject data = data(Objects.requireNonNull(delivery.data()));
        JsonObject body = switch (endpoint.form()) {
            case STANDARD ->
                new JsonObject()
                        .put("type", delivery.event())
                        .put("timestamp", delivery.createdAt().toString())
                        .put("data", data);
            case SLACK -> slack(delivery.event(), data);
            case PAGERDUTY -> pagerDuty(delivery.event(), data);
        };
        return body.encode();
    }

    /** Without members that are null, and without personal data unless the endpoint may have it; with a link. */
    private JsonObject data(JsonObject stored) {
        JsonObject data = new JsonObject();
        stored.forEach(member -> {
            if (member.getValue() != null && (endpoint.personal() || !PERSONAL.contains(member.getKey()))) {
                data.put(member.getKey(), member.getValue());
            }
        });
        return data.put(
                "url",
                data.containsKey("rideId")
                        ? publicUrl + "/#/ride/" + data.getLong("rideId")
                        : publicUrl + "/#/reports");
    }

    private JsonObject slack(String event, JsonObject data) {
        String text = slackText(cut(summary(event, data), MAX_SLACK_SUMMARY));
        String linked = "%s\n<%s|Open in the dashboard>".formatted(text, data.getString("url"));
        return new JsonObject()
                .put("text", text)
                .put(
                        "blocks",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("type", "section")
                                        .put(
                                                "text",
                                                new JsonObject()
                                                        .put("type", "mrkdwn")
                                                        .put("text", linked))));
    }

    /** At most {@code max} chars, without half a surrogate pair at the end; an ellipsis stands for what is missing. */
    private static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 2)) ? max - 2 : max - 1;
        return text.substring(0, end) + "…";
    }

    private static String slackText(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private JsonObject pagerDuty(String event, JsonObject data) {
        String action = switch (event) {
            case "alert.raised" -> "trigger";
            case "alert.acknowledged" -> "acknowledge";
            default -> "resolve";
        };
        JsonObject body = new JsonObject()
                .put("routing_key", endpoint.secrets().getFirst().reveal())
                .put("event_action", action)
                .put("dedup_key", "deloton-alert-" + data.getString("alertId"));
        if (action.equals("trigger")) {
            body.put(
                            "payload",
                            new JsonObject()
                                    .put("summary", cut(summary(event, data), MAX_SUMMARY))
                                    .put("source", "bike " + data.getString("bike", "unknown"))
                                    .put("severity", data.getString("severity"))
                                    .put("timestamp", data.getString("raisedAt"))
                                    .put("class", "heart rate")
                                    .put("custom_details", data))
                    .put("client", "Deloton gateway")
                    .put("client_url", data.getString("url"))
                    .put(
                            "links",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("href", data.getString("url"))
                                            .put("text", "Open in the dashboard")));
        }
        return body;
    }

    /** One sentence for people. */
    static String summary(String event, JsonObject data) {
        String subject = subject(data);
        return switch (event) {
            case "alert.raised" ->
                "%s: %s %s, %d bpm%s"
                        .formatted(
                                capital(data.getString("severity")),
                                broken(data),
                                subject,
                                data.getInteger("raisedBpm"),
                                limit(data));
            case "alert.recovered" -> "Back in range: %s%s".formatted(subject, bpm(data.getInteger("recoveredBpm")));
            case "alert.ended" ->
                "Ride ended out of range: %s, worst %d bpm"
                        .formatted(subject, data.getInteger("worstBpm", data.getInteger("raisedBpm")));
            case "alert.acknowledged" ->
                "Acknowledged: alert of %s, by %s".formatted(subject, data.getString("acknowledgedBy", "the rider"));
            case "ride.ended" ->
                "Ride ended: %s, %d min, %s kJ"
                        .formatted(subject, data.getInteger("durationS", 0) / 60, data.getNumber("energyKj", 0));
            default ->
                "Daily report sent: %s, %d rides by %d riders"
                        .formatted(data.getString("date"), data.getInteger("rides", 0), data.getInteger("riders", 0));
        };
    }

    /** What happened, followed by whose it is. */
    private static String broken(JsonObject data) {
        return switch (data.getString("rule", "range")) {
            case "not_pedalling" -> "high heart rate without pedalling,";
            case "no_recovery" -> "heart rate does not recover,";
            default -> "heart rate %s the range of".formatted(data.getBoolean("high") ? "above" : "below");
        };
    }

    private static String subject(JsonObject data) {
        String name = data.getString("riderName");
        String bike = data.getString("bike");
        String rider = name != null ? name : data.containsKey("riderId") ? "rider " + data.getLong("riderId") : null;
        if (rider == null) {
            return bike == null ? "ride " + data.getLong("rideId") : "bike " + bike;
        }
        return bike == null ? rider : "%s on bike %s".formatted(rider, bike);
    }

    private static String limit(JsonObject data) {
        Integer limit = data.getInteger(data.getBoolean("high") ? "maxBpm" : "minBpm");
        return limit == null ? "" : " (limit %d bpm)".formatted(limit);
    }

    private static String bpm(@Nullable Integer bpm) {
        return bpm == null ? "" : ", %d bpm".formatted(bpm);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
