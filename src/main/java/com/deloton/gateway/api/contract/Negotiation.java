package com.deloton.gateway.api.contract;

import com.deloton.gateway.http.Problem;
import io.vertx.ext.web.MIMEHeader;
import java.util.List;
import java.util.Optional;

/** Chooses the media type of a response (RFC 9110, 12.5.1). */
public final class Negotiation {
    private Negotiation() {}

    /**
     * The offered media type with the highest weight; the first of several. Vert.x's own choice prefers the client's order
     * among equals and ignores a weight of 0. A client that accepts only problem documents, as generated clients ask for,
     * gets the first one.
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
        boolean onlyProblems = accept.stream().allMatch(range -> specificity(range, Problem.MEDIA_TYPE) == 2);
        return best == null && onlyProblems ? Optional.of(offered.getFirst()) : Optional.ofNullable(best);
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
