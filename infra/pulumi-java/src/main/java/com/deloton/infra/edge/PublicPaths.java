package com.deloton.infra.edge;

import java.util.ArrayList;
import java.util.List;

/** What of the gateway the internet sees. All else is answered by the load balancer with 404. */
public final class PublicPaths {
    /** A load balancer's rule takes no more. */
    private static final int PATTERNS_PER_RULE = 5;

    /** Before the served paths: operations, and every spelling of a step upwards. */
    public static final List<String> REFUSED = List.of("/metrics*", "/health*", "*..*", "*%2e*", "*%2E*");

    /** The dashboard's files, its sockets, the page that alert mails link to, the API and its documentation. */
    public static final List<String> SERVED = List.of(
            "/",
            "/index.html",
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
        List<List<String>> rules = new ArrayList<>();
        for (int i = 0; i < SERVED.size(); i += PATTERNS_PER_RULE) {
            rules.add(SERVED.subList(i, Math.min(i + PATTERNS_PER_RULE, SERVED.size())));
        }
        return rules;
    }
}
