package com.deloton.gateway.report.render;

/**
 * What a report shows to its readers.
 *
 * @param maxRiders riders in the table; 0 leaves out all data of single riders
 * @param names whether riders are named; otherwise their numbers are shown
 * @param link URL of the dashboard
 * @param unsubscribe URL to unsubscribe; empty leaves the line out
 */
public record ReportOptions(int maxRiders, boolean names, String link, String unsubscribe) {

    /** For the archive. */
    public ReportOptions withoutRiders() {
        return new ReportOptions(0, false, link, "");
    }

    boolean riders() {
        return maxRiders > 0;
    }
}
