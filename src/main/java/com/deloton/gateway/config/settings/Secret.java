package com.deloton.gateway.config.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Text that is never logged: only {@link #reveal} returns it. */
public final class Secret {
    /** Shown in place of a secret. */
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
