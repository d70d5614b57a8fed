package com.deloton.infra.edge;

import java.util.ArrayList;
import java.util.List;

/** The paths of the gateway that the internet reaches. The load balancer answers all others with 404. */
public final class PublicPaths {
    /** Maxima of one rule of an Application Load Balancer. */
    private static final int VALUES_PER_RULE = 5;

    private static final int WILDCARDS_PER_RULE = 5;

    /**
     * Rejected before the served paths: operations, and steps to a parent folder. A path pattern cannot contain a
     * percent sign, so {@link WebFirewall} blocks encoded dots.
     */
    public static final List<String> REJECTED = List.of("/metrics*", "/health*", "*..*");

    /** The files of the dashboard and the riders' page, their sockets, the page that alert mails link to, the API and its documentation. */
    public static final List<String> SERVED = List.of(
            "/",
            "/index.html",
            "/me.html",
            "/favicon.svg",
            "/app/*",
            "/vendor/*",
            "/live/*",
            "/eventbus/*",
            "/alerts/acknowledge/*",
            "/v1/*",
            "/openapi.yaml",
            "/docs*");

    private PublicPaths() {}

    static List<List<String>> servedRules() {
        return rules(SERVED);
    }

    /** Splits paths, in their order, into lists that fit into one rule each. */
    static List<List<String>> rules(List<String> paths) {
        List<List<String>> rules = new ArrayList<>();
        List<String> rule = new ArrayList<>();
        for (String path : paths) {
            int wildcards = rule.stream().mapToInt(PublicPaths::wildcards).sum() + wildcards(path);
            if (rule.size() == VALUES_PER_RULE || wildcards > WILDCARDS_PER_RULE) {
                rules.add(List.copyOf(rule));
                rule.clear();
            }
            rule.add(path);
        }
        rules.add(List.copyOf(rule));
        return rules;
    }

    private static int wildcards(String path) {
        return (int) path.chars().filter(c -> c == '*' || c == '?').count();
    }
}
