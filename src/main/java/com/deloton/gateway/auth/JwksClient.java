package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;

/** Fetches an issuer's JSON Web Key Set, whose address is configured or discovered. */
final class JwksClient {
    private final IssuerClient client;
    private final Vertx vertx;
    private final JwtConfig config;

    JwksClient(Vertx vertx, JwtConfig config) {
        client = new IssuerClient(vertx);
        this.vertx = vertx;
        this.config = config;
    }

    /** Fails with a message for the log if the set cannot be fetched or has no usable key. */
    Future<VerificationKeys> fetch() {
        String configured = config.jwksUrl();
        Future<String> url = configured == null
                ? OpenIdConfiguration.discover(client, config.issuer()).map(OpenIdConfiguration::jwksUri)
                : Future.succeededFuture(configured);
        return url.compose(address -> client.get(address)
                .map(json -> KeyFiles.jwks(vertx, json))
                .recover(e -> Future.failedFuture(new IOException(address + ": " + e.getMessage(), e))));
    }
}
