package com.deloton.gateway.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signed links with an expiry time; each lets its bearer acknowledge one alert. */
final class AcknowledgeLink {
    static final String PATH = "/alerts/acknowledge/";

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "deloton acknowledge alert v1 ";
    private static final Pattern TOKEN = Pattern.compile("((-?\\d{1,19})\\.(\\d{1,6})\\.(\\d{1,12}))\\.([\\w-]{43})");

    private final SecretKeySpec key;
    private final String publicUrl;
    private final Duration validity;

    /** The result of verifying a token. */
    sealed interface Parsed {
        record Valid(AlertNotification.Key alert) implements Parsed {}

        record Expired() implements Parsed {}

        record Forged() implements Parsed {}
    }

    AcknowledgeLink(String secret, String publicUrl, Duration validity) {
        key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
        this.publicUrl = publicUrl;
        this.validity = validity;
    }

    String url(AlertNotification.Key alert, Instant now) {
        String payload = "%d.%d.%d"
                .formatted(alert.rideId(), alert.firstS(), now.plus(validity).getEpochSecond());
        return page(payload + '.' + signature(payload));
    }

    /** The address of the page that a token opens. */
    String page(String token) {
        return publicUrl + PATH + token;
    }

    /** The address of a ride in the dashboard. */
    String ride(long rideId) {
        return publicUrl + "/#/ride/" + rideId;
    }

    Parsed read(String token, Instant now) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()
                || !MessageDigest.isEqual(
                        signature(parts.group(1)).getBytes(UTF_8),
                        parts.group(5).getBytes(UTF_8))) {
            return new Parsed.Forged();
        }
        return Long.parseLong(parts.group(4)) < now.getEpochSecond()
                ? new Parsed.Expired()
                : new Parsed.Valid(
                        new AlertNotification.Key(Long.parseLong(parts.group(2)), Integer.parseInt(parts.group(3))));
    }

    private String signature(String payload) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal((PURPOSE + payload).getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
