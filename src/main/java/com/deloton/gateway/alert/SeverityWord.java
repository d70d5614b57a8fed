package com.deloton.gateway.alert;

/** The words for severities in mails and pages, the same as in the dashboard. */
final class SeverityWord {
    private SeverityWord() {}

    static String of(boolean critical) {
        return critical ? "Critical" : "Warning";
    }
}
