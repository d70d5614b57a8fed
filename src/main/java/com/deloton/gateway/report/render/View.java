package com.deloton.gateway.report.render;

/**
 * What a reader gets to see.
 *
 * @param mostRiders riders in the table; 0 leaves out every trace of single riders
 * @param names whether riders are named; otherwise they have their numbers
 * @param link where the dashboard is
 * @param unsubscribe where one can unsubscribe; empty says nothing of it
 */
public record View(int mostRiders, boolean names, String link, String unsubscribe) {

    /** As the archive keeps it. */
    public View withoutRiders() {
        return new View(0, false, link, "");
    }

    boolean riders() {
        return mostRiders > 0;
    }
}
