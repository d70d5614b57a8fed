package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Queries;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures of live rides, read for these alone: computing them has a price for every ride of a query. */
final class LiveFigures {
    private static final String RIDES =
            "SELECT " + RideRows.LIVE_COLUMNS + " FROM ride r" + RideRows.JOINS + " WHERE r.ride_id = ANY ($1)";

    private final Queries queries;

    LiveFigures(Queries queries) {
        this.queries = queries;
    }

    /** By ride, the rows of the live ones among {@code rows} with their figures; a ride that has ended meanwhile has its own. */
    Future<Map<Long, Row>> of(RowSet<Row> rows) {
        List<Long> live = new ArrayList<>();
        for (Row row : rows) {
            if (RideRows.isLive(row)) {
                live.add(RideRows.id(row));
            }
        }
        if (live.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return queries.rows(RIDES, Tuple.of(live.toArray(Long[]::new))).map(found -> {
            Map<Long, Row> byId = new HashMap<>();
            found.forEach(row -> byId.put(RideRows.id(row), row));
            return byId;
        });
    }
}
