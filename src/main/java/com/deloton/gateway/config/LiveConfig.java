package com.deloton.gateway.config;

import com.deloton.gateway.config.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The live dashboard.
 *
 * @param frameInterval how often a frame goes to the viewers
 * @param maxViewers how many may watch one process
 * @param signIn null where the page has no identity provider
 */
public record LiveConfig(
        Duration frameInterval, int maxViewers, @Nullable SignIn signIn) {
    public static final LiveConfig DEFAULT = new LiveConfig(Duration.ofMillis(500), 1_000, null);

    /** The identity provider's endpoints for the authorization code flow with PKCE. */
    public record SignIn(String clientId, String authorizationUrl, String tokenUrl, String scope) {}

    static LiveConfig read(Settings settings) {
        Duration frameInterval = settings.key("live.frame-interval", "How often a frame goes to the viewers.")
                .duration("500ms", "100ms", "5s");
        int maxViewers = settings.key("live.max-viewers", "How many may watch one process.")
                .integer(DEFAULT.maxViewers, 1, 100_000);
        String clientId = settings.key("live.sign-in.client-id", "The dashboard's id at the identity provider.")
                .textOrNull();
        String authorizationUrl = settings.key("live.sign-in.authorization-url", "Where people sign in.")
                .textOrNull();
        String tokenUrl = settings.key("live.sign-in.token-url", "Where the page exchanges the code for a token.")
                .textOrNull();
        String scope = settings.key("live.sign-in.scope", "The scopes the page asks for.")
                .text("openid rides:read riders:read alerts:write");
        if (clientId == null) {
            return new LiveConfig(frameInterval, maxViewers, null);
        }
        if (authorizationUrl == null) {
            settings.missing("live.sign-in.authorization-url", "live.sign-in.client-id needs it");
        }
        if (tokenUrl == null) {
            settings.missing("live.sign-in.token-url", "live.sign-in.client-id needs it");
        }
        if (authorizationUrl == null || tokenUrl == null) {
            return new LiveConfig(frameInterval, maxViewers, null);
        }
        return new LiveConfig(frameInterval, maxViewers, new SignIn(clientId, authorizationUrl, tokenUrl, scope));
    }
}
