package com.deloton.gateway.report.render;

/**
 * What a reader gets to see.
 *
 * @param maxRiders riders in the table; 0 leaves out every trace of single riders
 * @param names whether riders are named; otherwise they have their numbers
 * @param link where the dashboard is
 * @param unsubscribe where one can unsubscribe; empty says nothing of it
 */
public record ReportOptions(int maxRiders, boolean names, String link, String unsubscribe) {

    /** As the archive keeps it. */
    public ReportOptions withoutRiders() {
        return new ReportOptions(0, false, link, "");
    }

    boolean riders() {
        return maxRiders > 0;
    }
}
