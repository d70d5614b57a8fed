package com.deloton.gateway.api.contract;

import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.http.Problem;
import io.vertx.ext.web.MIMEHeader;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses the media type of a response (RFC 9110, 12.5.1). */
public final class Negotiation {
    private static final Set<String> PROBLEM = Set.of(Problem.MEDIA_TYPE);
    private static final Set<String> JSON = Set.of(Problem.MEDIA_TYPE, ApiResponse.JSON);

    private Negotiation() {}

    /**
     * The offered media type with the highest weight; the first of several. Vert.x's own choice prefers the client's order
     * among equals and ignores a weight of 0. A client that accepts only problem documents, as generated clients do, gets
     * the first one; one that accepts only JSON gets the only one.
     *
     * @param accept the parsed header; empty accepts everything
     * @param offered not empty
     */
    public static Optional<String> choose(List<MIMEHeader> accept, List<String> offered) {
        if (accept.isEmpty()) {
            return Optional.of(offered.getFirst());
        }
        String best = null;
        double bestWeight = 0;
        for (String type : offered) {
            double weight = weight(accept, type);
            if (weight > bestWeight) {
                best = type;
                bestWeight = weight;
            }
        }
        if (best == null && (isOnlyFor(accept, PROBLEM) || (offered.size() == 1 && isOnlyFor(accept, JSON)))) {
            return Optional.of(offered.getFirst());
        }
        return Optional.ofNullable(best);
    }

    private static boolean isOnlyFor(List<MIMEHeader> accept, Set<String> types) {
        return accept.stream()
                .allMatch(range ->
                        range.weight() > 0 && types.stream().anyMatch(type -> specificity(range, type) == 2));
    }

    /** That of the most specific range that matches. */
    private static double weight(List<MIMEHeader> accept, String type) {
        int specificity = -1;
        double weight = 0;
        for (MIMEHeader range : accept) {
            int match = specificity(range, type);
            if (match > specificity) {
                specificity = match;
                weight = range.weight();
            }
        }
        return weight;
    }

    private static int specificity(MIMEHeader range, String type) {
        String name = range.component() + "/" + range.subComponent();
        if (name.equalsIgnoreCase(type)) {
            return 2;
        }
        if (name.equals("*/*")) {
            return 0;
        }
        boolean sameType = type.regionMatches(
                true, 0, range.component() + "/", 0, range.component().length() + 1);
        return sameType && range.subComponent().equals("*") ? 1 : -1;
    }
}
