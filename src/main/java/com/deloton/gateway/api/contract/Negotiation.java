package com.deloton.gateway.api.contract;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Chooses the media type of an answer (RFC 9110, 12.5.1). */
public final class Negotiation {
    private Negotiation() {}

    /**
     * The one of {@code offered} that the caller likes best; among equals the first.
     *
     * @param accept the header; null accepts everything
     * @param offered not empty
     */
    public static Optional<String> choose(@Nullable String accept, List<String> offered) {
        if (accept == null || accept.isBlank()) {
            return Optional.of(offered.getFirst());
        }
        String best = null;
        double bestQuality = 0;
        for (String type : offered) {
            double quality = quality(accept, type);
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        return Optional.ofNullable(best);
    }

    /** That of the most specific range that fits. */
    private static double quality(String accept, String type) {
        int specific = -1;
        double quality = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", -1);
            int fit = fit(parts[0], type);
            if (fit > specific) {
                specific = fit;
                quality = quality(parts);
            }
        }
        return quality;
    }

    private static int fit(String range, String type) {
        if (range.equals(type)) {
            return 2;
        }
        if (range.equals("*/*")) {
            return 0;
        }
        return range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1)) ? 1 : -1;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].startsWith("q=")) {
                try {
                    double quality = Double.parseDouble(parts[i].substring(2));
                    return quality >= 0 && quality <= 1 ? quality : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
