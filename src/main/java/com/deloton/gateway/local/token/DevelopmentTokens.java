package com.deloton.gateway.local.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.auth.Scope;
import com.deloton.gateway.config.JwtConfig;
import com.deloton.gateway.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/token}: issues a token to any client on this machine, and lets the page {@code /docs} request one. The key pair is stored in the data directory, so
 * that tokens stay valid over a restart. Thread-safe.
 */
public final class DevelopmentTokens implements Consumer<Router> {
    private static final String ISSUER = "deloton-local";
    private static final String AUDIENCE = "deloton-api";
    private static final Duration VALIDITY = Duration.ofHours(12);
    private static final int MAX_BODY_BYTES = 4_096;
    private static final List<String> SCOPES = Scope.values(Arrays.stream(Scope.values())
            .filter(scope -> scope != Scope.LIVE_READ)
            .toArray(Scope[]::new));
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;
    private final Path publicKey;
    private final InstantSource clock;

    /** Takes the key pair in the directory, or creates one. */
    public DevelopmentTokens(Path directory, InstantSource clock) {
        this.clock = clock;
        KeyFiles files = new KeyFiles(directory);
        publicKey = files.publicKey();
        keys = files.loadOrCreate();
    }

    /** The configuration of a gateway that accepts these tokens. */
    public Map<String, String> variables() {
        return new TreeMap<>(Map.of(
                "DELOTON_API_JWT_ISSUER", ISSUER,
                "DELOTON_API_JWT_AUDIENCE", AUDIENCE,
                "DELOTON_API_JWT_KEY_FILES", publicKey.toString()));
    }

    @Override
    public void accept(Router router) {
        router.post("/v1/token")
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES))
                .handler(this::issue);
        router.get("/docs/local.js")
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "text/javascript; charset=utf-8")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                        .end("export const developmentTokens = true;\n"));
    }

    /** Refuses other host names, which a foreign page may resolve to this machine (DNS rebinding). */
    private void issue(RoutingContext context) {
        if (context.request().authority() == null
                || !HERE.contains(context.request().authority().host())) {
            new Problem(403, "Tokens are issued to localhost only.").send(context);
            return;
        }
        try {
            String token = token(scopes(context), rider(context));
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end(new JsonObject().put("token", token).toBuffer());
        } catch (IllegalArgumentException e) {
            new Problem(400, String.valueOf(e.getMessage())).send(context);
        }
    }

    /** A token for the subject {@code local} that is valid for {@link #VALIDITY} and names no rider. */
    public String token(Set<String> scopes) {
        return token(scopes, null);
    }

    private String token(Set<String> scopes, @Nullable Long rider) {
        long now = clock.instant().getEpochSecond();
        JsonObject header = new JsonObject().put("typ", "JWT").put("alg", "ES256");
        JsonObject claims = new JsonObject()
                .put("iss", ISSUER)
                .put("aud", AUDIENCE)
                .put("sub", "local")
                .put("iat", now)
                .put("exp", now + VALIDITY.toSeconds())
                .put("scope", String.join(" ", new TreeSet<>(scopes)));
        if (rider != null) {
            claims.put(JwtConfig.RIDER_CLAIM, rider);
        }
        String content = encode(header) + "." + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(UTF_8));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The number in the member {@code rider} of the JSON body; null without one. */
    private static @Nullable Long rider(RoutingContext context) {
        Object rider = body(context).getValue("rider");
        if (rider == null) {
            return null;
        }
        if (!(rider instanceof Integer || rider instanceof Long)) {
            throw new IllegalArgumentException(
                    "rider is '" + rider + "'; expected the number of a rider, for example 4826.");
        }
        return ((Number) rider).longValue();
    }

    /** The JSON object of the request; empty for a form, and without a body. */
    private static JsonObject body(RoutingContext context) {
        String text = context.body().asString();
        if (text == null || !text.strip().startsWith("{")) {
            return new JsonObject();
        }
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw new IllegalArgumentException("The body is not JSON; expected {\"scopes\": [\"rides:read\"]}.", e);
        }
    }

    /** The scopes in the JSON body or in the form fields {@code scopes}; all scopes without either. */
    private static Set<String> scopes(RoutingContext context) {
        Set<String> requested = new TreeSet<>();
        context.request()
                .formAttributes()
                .getAll("scopes")
                .forEach(field -> requested.addAll(List.of(field.split(" ", -1))));
        if (requested.isEmpty() && body(context).getValue("scopes") instanceof JsonArray scopes) {
            scopes.forEach(scope -> requested.add(String.valueOf(scope)));
        }
        if (requested.isEmpty()) {
            return Set.copyOf(SCOPES);
        }
        if (!SCOPES.containsAll(requested)) {
            throw new IllegalArgumentException(
                    "scopes contains an unknown scope; expected any of " + String.join(", ", SCOPES) + ".");
        }
        return requested;
    }

    private static String encode(JsonObject json) {
        return BASE64.encodeToString(json.encode().getBytes(UTF_8));
    }
}
