package com.deloton.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.webhook.WebhookEndpoint;
import com.deloton.gateway.config.webhook.WebhookEndpoint.Form;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The forms of Slack and PagerDuty against the limits in their documentation, with any names of riders and bikes. */
class WebhookContentTest {
    /** Slack: a message has at most 50 blocks; text of a section 3,000 characters; text of a message 40,000, advised 4,000. */
    private static final int MAX_BLOCKS = 50;

    private static final int MAX_SECTION_TEXT = 3_000;
    private static final int MAX_MESSAGE_TEXT = 4_000;
    private static final Set<String> BLOCK_TYPES =
            Set.of("section", "header", "divider", "context", "actions", "image");
    private static final Pattern CONTROL = Pattern.compile("<[^>]*>");
    private static final String LINK = "<https://gateway.example.com/#/ride/7|Open in the dashboard>";

    /** PagerDuty: summary 1,024 characters, deduplication key 255, severities from its list. */
    private static final int MAX_SUMMARY = 1_024;

    @Provide
    static Arbitrary<String> events() {
        return Arbitraries.of("alert.raised", "alert.recovered", "alert.ended", "alert.acknowledged", "ride.ended");
    }

    /** Any characters, those with a meaning for Slack among them. */
    @Provide
    static Arbitrary<String> names() {
        Arbitrary<String> marks = Arbitraries.of("<!channel>", "&", "<@U1>", "*", "`", ">", "\n", "😀", "|");
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(30);
        return Arbitraries.oneOf(marks, any).list().ofMaxSize(60).map(parts -> String.join("", parts) + "x");
    }

    @Property
    void aMessageToSlackKeepsTheRulesOfBlockKit(
            @ForAll("events") String event,
            @ForAll("names") String name,
            @ForAll("names") String bike,
            @ForAll @IntRange(min = 1, max = 40) int repeat) {
        JsonObject message = body(Form.SLACK, event, data(name.repeat(repeat), bike));

        assertThat(message.fieldNames()).containsExactlyInAnyOrder("text", "blocks");
        assertThat(message.getString("text")).isNotBlank().hasSizeLessThanOrEqualTo(MAX_MESSAGE_TEXT);
        assertThat(CONTROL.matcher(message.getString("text")).find())
                .as("control sequences")
                .isFalse();
        JsonArray blocks = message.getJsonArray("blocks");
        assertThat(blocks.size()).isBetween(1, MAX_BLOCKS);
        for (int i = 0; i < blocks.size(); i++) {
            JsonObject block = blocks.getJsonObject(i);
            assertThat(block.getString("type")).isIn(BLOCK_TYPES);
            JsonObject text = block.getJsonObject("text");
            assertThat(text.getString("type")).isIn("mrkdwn", "plain_text");
            assertThat(text.getString("text")).isNotBlank().hasSizeLessThanOrEqualTo(MAX_SECTION_TEXT);
            assertThat(CONTROL.matcher(text.getString("text")).results().map(found -> found.group()))
                    .as("the link is the only control sequence")
                    .containsExactly(LINK);
        }
        assertThat(isUnicode(message)).isTrue();
    }

    @Property
    void aTriggerForPagerDutyKeepsItsLimits(
            @ForAll("names") String name,
            @ForAll("names") String bike,
            @ForAll @IntRange(min = 1, max = 40) int repeat) {
        JsonObject event = body(Form.PAGERDUTY, "alert.raised", data(name.repeat(repeat), bike));

        assertThat(event.getJsonObject("payload").getString("summary"))
                .isNotBlank()
                .hasSizeLessThanOrEqualTo(MAX_SUMMARY);
        assertThat(event.getJsonObject("payload").getString("severity")).isIn("critical", "error", "warning", "info");
        assertThat(event.getString("dedup_key")).hasSizeLessThanOrEqualTo(255);
        assertThat(isUnicode(event)).isTrue();
    }

    /** Without half a surrogate pair, which UTF-8 cannot have. */
    private static boolean isUnicode(JsonObject message) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(message.encode());
    }

    private static JsonObject body(Form form, String event, JsonObject data) {
        List<Secret> secrets = form == Form.SLACK ? List.of() : List.of(new Secret("R123"));
        WebhookEndpoint endpoint = new WebhookEndpoint(
                "chat", URI.create("https://hooks.example.com/x"), form, secrets, Set.of(event), false, true);
        WebhookDelivery delivery =
                new WebhookDelivery(1, event + "-7-10", event, 1, 0, Instant.EPOCH, Instant.EPOCH, data);
        return new JsonObject(new WebhookContent(endpoint, "https://gateway.example.com").body(delivery));
    }

    private static JsonObject data(String name, String bike) {
        return new JsonObject()
                .put("alertId", "7-10")
                .put("rideId", 7L)
                .put("riderId", 5L)
                .put("riderName", name)
                .put("bike", bike)
                .put("severity", "critical")
                .put("raisedAt", "2026-11-24T10:15:30Z")
                .put("raisedBpm", 190)
                .put("high", true)
                .put("maxBpm", 170)
                .put("minBpm", 45)
                .put("acknowledgedBy", name)
                .put("durationS", 520)
                .put("energyKj", 62.4);
    }
}
