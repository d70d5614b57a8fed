package com.deloton.gateway.config.webhook;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that gets events.
 *
 * @param name in configuration, log and metrics
 * @param url may contain a secret, as Slack's do
 * @param secrets of the form: signing keys ({@code whsec_…}), of which all sign, or one integration key of PagerDuty
 * @param events types of events that it gets
 * @param criticalOnly whether it gets only the critical ones of the alerts
 * @param personal whether its events contain riders' names and heart-rate limits
 */
public record WebhookEndpoint(
        String name,
        URI url,
        Form form,
        List<Secret> secrets,
        Set<String> events,
        boolean criticalOnly,
        boolean personal) {
    /** All types of events. */
    public static final List<String> EVENTS = List.of(
            "alert.raised", "alert.recovered", "alert.ended", "alert.acknowledged", "ride.ended", "report.sent");

    private static final String PREFIX = "webhook.endpoint.";
    private static final String PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";
    private static final Set<String> ATTRIBUTES =
            Set.of("url", "form", "secret", "secret-file", "events", "severity", "personal");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final String SIGNING_KEY = "whsec_";
    private static final int MIN_KEY_BYTES = 24;
    private static final int MAX_KEY_BYTES = 64;
    private static final int MAX_ENDPOINTS = 32;

    /** The content of a call. */
    public enum Form {
        STANDARD,
        SLACK,
        PAGERDUTY
    }

    public WebhookEndpoint {
        secrets = List.copyOf(secrets);
        events = Set.copyOf(events);
    }

    /** The key bytes of a signing key. */
    public static byte[] signingKey(Secret secret) {
        return Base64.getDecoder().decode(secret.reveal().substring(SIGNING_KEY.length()));
    }

    static List<WebhookEndpoint> read(Settings settings, Map<String, String> properties) {
        Map<String, Map<String, String>> byName = new TreeMap<>();
        properties.forEach((key, value) -> {
            String name = key.substring(0, Math.max(0, key.indexOf('.')));
            String attribute = key.substring(key.indexOf('.') + 1).replace('.', '-');
            if (!NAME.matcher(name).matches()) {
                settings.invalid(
                        PREFIX + key,
                        "is not an attribute of a named endpoint; expected for example " + PREFIX
                                + "ops.url, with a name of lower-case letters, digits and hyphens");
            } else if (!ATTRIBUTES.contains(attribute)) {
                settings.invalid(
                        PREFIX + key,
                        "is not a known attribute; expected one of "
                                + ATTRIBUTES.stream().sorted().toList());
            } else {
                byName.computeIfAbsent(name, n -> new TreeMap<>()).put(attribute, value.strip());
            }
        });
        if (byName.size() > MAX_ENDPOINTS) {
            settings.invalid(
                    PREFIX + "*", "has %d endpoints; expected at most %d".formatted(byName.size(), MAX_ENDPOINTS));
        }
        List<WebhookEndpoint> endpoints = new ArrayList<>();
        byName.forEach((name, attributes) -> {
            WebhookEndpoint endpoint = new Reader(settings, name, attributes).read();
            if (endpoint != null) {
                endpoints.add(endpoint);
            }
        });
        return endpoints;
    }

    /** Reads one endpoint and reports what is wrong with it. */
    private static final class Reader {
        private final Settings settings;
        private final String name;
        private final Map<String, String> attributes;
        private boolean valid = true;

        Reader(Settings settings, String name, Map<String, String> attributes) {
            this.settings = settings;
            this.name = name;
            this.attributes = attributes;
        }

        @Nullable
        WebhookEndpoint read() {
            Form form = form();
            URI url = url(form);
            List<Secret> secrets = secrets(form);
            Set<String> events = events(form);
            boolean criticalOnly =
                    oneOf("severity", List.of("warning", "critical"), "warning").equals("critical");
            boolean personal =
                    oneOf("personal", List.of("true", "false"), "false").equals("true");
            return valid && url != null
                    ? new WebhookEndpoint(name, url, form, secrets, events, criticalOnly, personal)
                    : null;
        }

        private Form form() {
            return Form.valueOf(oneOf("form", List.of("standard", "slack", "pagerduty"), "standard")
                    .toUpperCase(Locale.ROOT));
        }

        private @Nullable URI url(Form form) {
            String text = attributes.get("url");
            if (text == null && form == Form.PAGERDUTY) {
                return URI.create(PAGERDUTY_URL);
            }
            try {
                URI url = URI.create(text == null ? "" : text);
                if (url.getHost() != null
                        && List.of("https", "http").contains(url.getScheme())
                        && url.getUserInfo() == null
                        && url.getFragment() == null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // reported below
            }
            invalid("url", "is not a URL to call; expected one such as https://hooks.example.com/deloton");
            return null;
        }

        private List<Secret> secrets(Form form) {
            String text = secretText();
            List<String> values = text == null
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            switch (form) {
                case STANDARD -> {
                    if (values.isEmpty()
                            || values.size() > 2
                            || !values.stream().allMatch(Reader::isSigningKey)) {
                        invalid(
                                "secret",
                                "is not a signing key; expected whsec_ and 24 to 64 random bytes in base64,"
                                        + " for example from: echo whsec_$(openssl rand -base64 32)");
                    }
                }
                case PAGERDUTY -> {
                    if (values.size() != 1 || values.getFirst().isEmpty()) {
                        invalid("secret", "is missing; expected the integration key of the PagerDuty service");
                    }
                }
                case SLACK -> {
                    if (!values.isEmpty()) {
                        invalid("secret", "is set; expected none, since the URL of a Slack webhook is its secret");
                    }
                }
            }
            return values.stream().map(Secret::new).toList();
        }

        private @Nullable String secretText() {
            String file = attributes.get("secret-file");
            if (file == null) {
                return attributes.get("secret");
            }
            if (attributes.containsKey("secret")) {
                invalid("secret-file", "and secret are both set; expected only one of them");
            }
            try {
                return Files.readString(Path.of(file)).strip();
            } catch (IOException | IllegalArgumentException e) {
                invalid("secret-file", "names " + file + ", which cannot be read; expected a readable file");
                return null;
            }
        }

        private static boolean isSigningKey(String text) {
            try {
                int bytes = text.startsWith(SIGNING_KEY) ? signingKey(new Secret(text)).length : 0;
                return bytes >= MIN_KEY_BYTES && bytes <= MAX_KEY_BYTES;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private Set<String> events(Form form) {
            List<String> supported = form == Form.PAGERDUTY
                    ? EVENTS.stream()
                            .filter(event -> event.startsWith("alert."))
                            .toList()
                    : EVENTS;
            String text = attributes.get("events");
            Set<String> events = new LinkedHashSet<>(supported);
            if (text != null) {
                events = new LinkedHashSet<>(
                        Arrays.stream(text.split(",", -1)).map(String::strip).toList());
                if (!supported.containsAll(events)) {
                    invalid(
                            "events",
                            "are %s; expected some of %s"
                                    .formatted(String.join(", ", events), String.join(", ", supported)));
                }
            }
            return events;
        }

        private String oneOf(String attribute, List<String> allowed, String defaultValue) {
            String value = attributes.getOrDefault(attribute, defaultValue);
            if (allowed.contains(value)) {
                return value;
            }
            invalid(attribute, "is '%s'; expected one of %s".formatted(value, String.join(", ", allowed)));
            return defaultValue;
        }

        private void invalid(String attribute, String problem) {
            valid = false;
            settings.invalid(PREFIX + name + '.' + attribute, problem);
        }
    }

    /** Without address and secrets. */
    @Override
    public String toString() {
        return "WebhookEndpoint[%s, %s]".formatted(name, form);
    }
}
