package com.deloton.gateway.config.settings;

import java.time.ZoneId;
import java.util.Set;

/**
 * Time zones by their IANA names. Java also accepts names such as {@code UTC+1}, whose sign PostgreSQL reads the other way
 * round, and {@code SystemV/…}, which PostgreSQL does not have.
 */
public final class IanaZone {
    public static final String EXPECTED = "an IANA time zone such as Europe/London";

    private static final Set<String> NAMES = ZoneId.getAvailableZoneIds();

    private IanaZone() {}

    /**
     * The zone of an IANA name.
     *
     * @throws IllegalArgumentException for any other name
     */
    public static ZoneId of(String name) {
        if (!NAMES.contains(name) || name.startsWith("SystemV/")) {
            throw new IllegalArgumentException("not an IANA time zone");
        }
        return ZoneId.of(name);
    }
}
