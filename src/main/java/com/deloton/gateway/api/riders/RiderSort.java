package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.store.Timestamps;
import io.vertx.sqlclient.Row;

/** An order of riders: by id or by the latest log-on, backed by an index that is read forwards or backwards. */
record RiderSort(String label) {
    static RiderSort of(ApiRequest request) {
        return new RiderSort(request.text("sort"));
    }

    String order() {
        String direction = isDescending() ? " DESC" : " ASC";
        return " ORDER BY " + (byTime() ? "p.seen_at" + direction + ", " : "") + "p.rider_id" + direction;
    }

    /** Adds the condition of the request's cursor, if it has one. */
    void after(Where where, ApiRequest request) {
        Cursor cursor = byTime()
                ? Cursor.read(request, label, Long.class, Long.class)
                : Cursor.read(request, label, Long.class);
        if (cursor == null) {
            return;
        }
        String comparison = isDescending() ? "<" : ">";
        if (byTime()) {
            where.and(
                    "(p.seen_at, p.rider_id) " + comparison + " (?, ?)",
                    Timestamps.of(cursor.number(0)),
                    cursor.number(1));
        } else {
            where.and("p.rider_id " + comparison + " ?", cursor.number(0));
        }
    }

    String cursor(Row row) {
        long rider = row.getLong("rider_id");
        return byTime()
                ? Cursor.of(label, Timestamps.micros(row.getOffsetDateTime("seen_at")), rider)
                : Cursor.of(label, rider);
    }

    private boolean isDescending() {
        return label.startsWith("-");
    }

    private boolean byTime() {
        return label.endsWith("lastSeenAt");
    }
}
