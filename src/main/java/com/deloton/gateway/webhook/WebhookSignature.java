package com.deloton.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.settings.Secret;
import com.deloton.gateway.config.webhook.WebhookEndpoint;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures as in Standard Webhooks 1.0.0: HMAC-SHA256 of {@code id.timestamp.body}, in base64. */
final class WebhookSignature {
    private static final String ALGORITHM = "HmacSHA256";

    private final List<SecretKeySpec> keys;

    /** Each of the keys signs, so that a receiver can change its key without missing an event. */
    WebhookSignature(List<Secret> signingKeys) {
        keys = signingKeys.stream()
                .map(key -> new SecretKeySpec(WebhookEndpoint.signingKey(key), ALGORITHM))
                .toList();
    }

    /** The header {@code webhook-signature}. */
    String of(String webhookId, long timestampS, String body) {
        byte[] signed = "%s.%d.%s".formatted(webhookId, timestampS, body).getBytes(UTF_8);
        return keys.stream().map(key -> "v1," + hmac(key, signed)).collect(Collectors.joining(" "));
    }

    private static String hmac(SecretKeySpec key, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
