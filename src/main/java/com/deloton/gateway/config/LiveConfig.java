package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The live dashboard.
 *
 * @param frameInterval how often a frame goes to the viewers
 * @param maxViewers how many may watch one process
 * @param maxViewersPerSubject how many of them may be the same person
 * @param stalledAfter a viewer that acknowledges nothing for so long is disconnected
 * @param origins pages from these origins may open sockets, besides those of the public URL
 * @param signIn null where the page has no identity provider
 */
public record LiveConfig(
        Duration frameInterval,
        int maxViewers,
        int maxViewersPerSubject,
        Duration stalledAfter,
        List<String> origins,
        @Nullable SignIn signIn) {
    public static final LiveConfig DEFAULT =
            new LiveConfig(Duration.ofMillis(500), 1_000, 20, Duration.ofSeconds(30), List.of(), null);

    public LiveConfig {
        origins = List.copyOf(origins);
    }

    /** The identity provider's endpoints for the authorization code flow with PKCE. */
    public record SignIn(String clientId, String authorizationUrl, String tokenUrl, String scope) {
        /** Where the page sends requests to, as a Content-Security-Policy names it. */
        public String tokenOrigin() {
            URI url = URI.create(tokenUrl);
            return url.getScheme() + "://" + url.getRawAuthority();
        }
    }

    private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s]+");

    static LiveConfig read(Settings settings) {
        Duration frameInterval = settings.key("live.frame-interval", "How often a frame goes to the viewers.")
                .duration("500ms", "100ms", "5s");
        int maxViewers = settings.key("live.max-viewers", "How many may watch one process.")
                .integer(DEFAULT.maxViewers, 1, 100_000);
        int perSubject = settings.key("live.max-viewers-per-subject", "How many of them may be the same person.")
                .integer(DEFAULT.maxViewersPerSubject, 1, 100_000);
        Duration stalledAfter = settings.key(
                        "live.stalled-after", "A viewer that acknowledges nothing for so long is disconnected.")
                .duration("30s", "1s", "10m");
        List<String> origins = settings.key(
                        "live.origins", "Pages of these origins may open sockets, besides those of http.public-url.")
                .list(
                        "a list of origins such as https://example.com",
                        DEFAULT.origins,
                        origin -> ORIGIN.matcher(origin).matches());
        String clientId = settings.key("live.sign-in.client-id", "The dashboard's id at the identity provider.")
                .textOrNull();
        String authorizationUrl = settings.key("live.sign-in.authorization-url", "Where people sign in.")
                .urlOrNull();
        String tokenUrl = settings.key("live.sign-in.token-url", "Where the page exchanges the code for a token.")
                .urlOrNull();
        String scope = settings.key("live.sign-in.scope", "The scopes the page asks for.")
                .text("openid rides:read riders:read alerts:write");
        SignIn signIn = null;
        if (clientId != null && authorizationUrl != null && tokenUrl != null) {
            signIn = new SignIn(clientId, authorizationUrl, tokenUrl, scope);
        } else if (clientId != null) {
            requireBoth(settings, authorizationUrl, tokenUrl);
        }
        return new LiveConfig(frameInterval, maxViewers, perSubject, stalledAfter, origins, signIn);
    }

    private static void requireBoth(Settings settings, @Nullable String authorizationUrl, @Nullable String tokenUrl) {
        if (authorizationUrl == null) {
            settings.missing("live.sign-in.authorization-url", "live.sign-in.client-id needs it");
        }
        if (tokenUrl == null) {
            settings.missing("live.sign-in.token-url", "live.sign-in.client-id needs it");
        }
    }
}
