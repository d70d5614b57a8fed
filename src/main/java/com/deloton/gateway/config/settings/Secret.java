package com.deloton.gateway.config.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that is never shown: only {@link #reveal} gives it, for the one call that needs it. */
public final class Secret {
    /** What stands where a secret would. */
    public static final String MASK = "***";

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }

    private byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
