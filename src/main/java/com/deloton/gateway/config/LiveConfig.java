package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The live dashboard.
 *
 * @param frameInterval time between two frames to the viewers
 * @param maxViewers per process
 * @param maxViewersPerSubject per process
 * @param maxViewersPerAddress per process
 * @param stalledAfter a viewer that acknowledges no frame for this long is disconnected
 * @param origins origins of pages that may open sockets, in addition to the public URL
 * @param signIn null without an identity provider
 * @param fleetTopic topic of the fleet's state, which live processes read instead of the stream; null for none
 */
public record LiveConfig(
        Duration frameInterval,
        int maxViewers,
        int maxViewersPerSubject,
        int maxViewersPerAddress,
        Duration stalledAfter,
        List<String> origins,
        @Nullable SignIn signIn,
        @Nullable String fleetTopic) {
    public static final LiveConfig DEFAULT = read(Settings.empty());

    public LiveConfig {
        origins = List.copyOf(origins);
    }

    /** A copy with another sign-in. */
    public LiveConfig withSignIn(SignIn newSignIn) {
        return new LiveConfig(
                frameInterval,
                maxViewers,
                maxViewersPerSubject,
                maxViewersPerAddress,
                stalledAfter,
                origins,
                newSignIn,
                fleetTopic);
    }

    /**
     * The identity provider's endpoints for the authorization code flow with PKCE.
     *
     * @param authorizationUrl empty until it is discovered
     * @param tokenUrl empty until it is discovered
     * @param scope that the dashboard requests
     * @param riderScope that the riders' page requests
     * @param endSessionUrl null if signing out leaves the session at the provider open
     */
    public record SignIn(
            String clientId,
            String authorizationUrl,
            String tokenUrl,
            @Nullable String endSessionUrl,
            String scope,
            String riderScope) {
        /** Whether the endpoints come from the issuer's OpenID configuration. */
        public boolean needsDiscovery() {
            return authorizationUrl.isEmpty();
        }

        /** A copy with these endpoints; a configured end-session endpoint is kept. */
        public SignIn withEndpoints(String newAuthorizationUrl, String newTokenUrl, String newEndSessionUrl) {
            String discovered = newEndSessionUrl.isEmpty() ? null : newEndSessionUrl;
            return new SignIn(
                    clientId,
                    newAuthorizationUrl,
                    newTokenUrl,
                    endSessionUrl == null ? discovered : endSessionUrl,
                    scope,
                    riderScope);
        }

        /** The origin of the token endpoint, for the Content-Security-Policy. */
        public String tokenOrigin() {
            URI url = URI.create(tokenUrl);
            return url.getScheme() + "://" + url.getRawAuthority();
        }
    }

    static LiveConfig read(Settings settings) {
        Duration frameInterval = settings.key("live.frame-interval", "Time between two frames to the viewers.")
                .duration("500ms", "100ms", "5s");
        int maxViewers =
                settings.key("live.max-viewers", "Viewers of one process.").integer(1_000, 1, 100_000);
        int perSubject = settings.key("live.max-viewers-per-subject", "Viewers of one process with the same subject.")
                .integer(20, 1, 100_000);
        int perAddress = settings.key(
                        "live.max-viewers-per-address",
                        "Viewers of one process with the same remote address; a reverse proxy counts as one address.")
                .integer(500, 1, 100_000);
        Duration stalledAfter = settings.key(
                        "live.stalled-after", "A viewer that acknowledges no frame for this long is disconnected.")
                .duration("30s", "1s", "10m");
        List<String> origins = settings.key(
                        "live.origins", "Origins of pages that may open sockets, in addition to http.public-url.")
                .list(
                        "a list of origins such as https://example.com",
                        List.of(),
                        origin -> origin.matches("https?://[^/\\s]+"));
        String clientId = settings.key("live.sign-in.client-id", "Client id of the dashboard at the identity provider.")
                .textOrNull();
        String authorizationUrl = settings.key(
                        "live.sign-in.authorization-url",
                        "Authorization endpoint of the identity provider; default that of its OpenID configuration.")
                .urlOrNull();
        String tokenUrl = settings.key(
                        "live.sign-in.token-url",
                        "Token endpoint of the identity provider; default that of its OpenID configuration.")
                .urlOrNull();
        String endSessionUrl = settings.key(
                        "live.sign-in.end-session-url",
                        "End-session endpoint of the identity provider (OpenID Connect RP-Initiated Logout).")
                .urlOrNull();
        String scope = settings.key("live.sign-in.scope", "Scopes that the dashboard requests.")
                .text("openid offline_access rides:read riders:read alerts:write");
        String riderScope = settings.key("live.sign-in.rider-scope", "Scopes that the riders' page me.html requests.")
                .text("openid offline_access self");
        if (clientId != null && (authorizationUrl == null) != (tokenUrl == null)) {
            settings.missing(
                    authorizationUrl == null ? "live.sign-in.authorization-url" : "live.sign-in.token-url",
                    "expected both endpoints, or neither to discover them");
        }
        SignIn signIn = clientId == null
                ? null
                : new SignIn(
                        clientId,
                        Objects.requireNonNullElse(authorizationUrl, ""),
                        Objects.requireNonNullElse(tokenUrl, ""),
                        endSessionUrl,
                        scope,
                        riderScope);
        String fleetTopic = settings.key(
                        "live.fleet-topic",
                        "Topic of the fleet's state: role ingest writes it, role live reads it instead of the bike stream; default none.")
                .textOrNull("a topic name of letters, digits, dot, underscore and hyphen", KafkaConfig.TOPIC);
        return new LiveConfig(
                frameInterval, maxViewers, perSubject, perAddress, stalledAfter, origins, signIn, fleetTopic);
    }
}
