package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;

/**
 * The endpoints of an identity provider (OpenID Connect Discovery 1.0).
 *
 * @param authorizationEndpoint empty if the provider has none
 * @param tokenEndpoint empty if the provider has none
 * @param endSessionEndpoint empty if the provider has none
 */
public record OpenIdConfiguration(
        String jwksUri, String authorizationEndpoint, String tokenEndpoint, String endSessionEndpoint) {
    private static final String PATH = "/.well-known/openid-configuration";

    /** Fails with a message for the log. */
    public static Future<OpenIdConfiguration> discover(Vertx vertx, String issuer) {
        return discover(new IssuerClient(vertx), issuer);
    }

    static Future<OpenIdConfiguration> discover(IssuerClient client, String issuer) {
        String url = issuer.replaceFirst("/$", "") + PATH;
        return client.get(url)
                .map(json -> parse(json, issuer))
                .recover(e -> Future.failedFuture(new IOException(url + ": " + e.getMessage(), e)));
    }

    private static OpenIdConfiguration parse(JsonObject json, String issuer) {
        if (!issuer.equals(json.getValue("issuer"))) {
            throw new IllegalArgumentException("issuer is " + json.getValue("issuer") + "; expected " + issuer);
        }
        String jwksUri = endpoint(json, "jwks_uri");
        if (jwksUri.isEmpty()) {
            throw new IllegalArgumentException("jwks_uri is missing");
        }
        return new OpenIdConfiguration(
                jwksUri,
                endpoint(json, "authorization_endpoint"),
                endpoint(json, "token_endpoint"),
                endpoint(json, "end_session_endpoint"));
    }

    private static String endpoint(JsonObject json, String name) {
        if (!(json.getValue(name) instanceof String url)) {
            return "";
        }
        if (!JwtConfig.isSafeUrl(url)) {
            throw new IllegalArgumentException(name + " is not an https URL");
        }
        return url;
    }
}
