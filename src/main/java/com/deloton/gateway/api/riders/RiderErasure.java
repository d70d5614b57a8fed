package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Erases riders. The quarantine is searched before the transaction, in pages, and again after it for records that were stored
 * meanwhile; from then on a trigger of the database withholds the bytes of records about the rider.
 */
public final class RiderErasure implements Operations {
    private static final String RIDER = """
            SELECT name, email_address, address_street, address_postcode, date_of_birth, now() AS asked_at,
                EXISTS (SELECT FROM ride r WHERE r.rider_id = p.rider_id AND r.status = 'open') AS live
            FROM rider p WHERE rider_id = $1 AND erased_at IS NULL""";

    /** A page has up to 500 rows, and fewer if their values are large. */
    private static final String PAGE = """
            SELECT source_id, record_offset, value
            FROM (
                SELECT *, sum(octet_length(value)) OVER (ORDER BY source_id, record_offset) - octet_length(value) AS before
                FROM (
                    SELECT source_id, record_offset, coalesce(value, '') AS value FROM quarantine
                    WHERE (source_id, record_offset) > ($1, $2) AND received_at >= $3
                    ORDER BY source_id, record_offset LIMIT 500
                ) q
            ) q
            WHERE before < 4000000 ORDER BY source_id, record_offset""";

    private static final String ERASE =
            "SELECT outcome, at, rides, alerts, quarantined FROM erase_rider($1, $2, $3, $4, $5)";

    private static final String DELETE = """
            DELETE FROM quarantine
            WHERE (source_id, record_offset) IN (SELECT * FROM unnest($1::integer[], $2::bigint[]))""";

    /** Longer than a transaction of ingest may take: {@code received_at} is when it began. */
    private static final Duration LONGEST_FLUSH = Duration.ofMinutes(10);

    private static final OffsetDateTime BEGINNING = OffsetDateTime.parse("2000-01-01T00:00Z");

    private final Vertx vertx;
    private final Queries queries;

    public RiderErasure(Vertx vertx, Queries queries) {
        this.vertx = vertx;
        this.queries = queries;
    }

    private record Keys(List<Integer> sources, List<Long> offsets) {
        Keys() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Row row) {
            sources.add(row.getInteger("source_id"));
            offsets.add(row.getLong("record_offset"));
        }

        void addTo(Tuple tuple) {
            tuple.addArrayOfInteger(sources.toArray(Integer[]::new));
            tuple.addArrayOfLong(offsets.toArray(Long[]::new));
        }
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("eraseRider", this::erase);
    }

    private Future<ApiResponse> erase(ApiRequest request) {
        long rider = request.number("rider");
        return queries.row(RIDER, Tuple.of(rider)).compose(row -> {
            Row known = RiderOperations.requireKnown(row, rider);
            if (known.getBoolean("live")) {
                throw live();
            }
            RiderTraces traces = traces(rider, known);
            OffsetDateTime since = known.getOffsetDateTime("asked_at").minus(LONGEST_FLUSH);
            return search(traces, BEGINNING)
                    .compose(found -> erase(request, rider, found))
                    .compose(done ->
                            search(traces, since).compose(this::delete).map(later -> response(rider, done, later)));
        });
    }

    private static RiderTraces traces(long rider, Row row) {
        return new RiderTraces(
                rider,
                row.getString("name"),
                row.getString("email_address"),
                row.getString("address_street"),
                row.getString("address_postcode"),
                row.getLocalDate("date_of_birth"));
    }

    private Future<Keys> search(RiderTraces traces, OffsetDateTime since) {
        return search(traces, since, 0, Long.MIN_VALUE, new Keys());
    }

    private Future<Keys> search(RiderTraces traces, OffsetDateTime since, int source, long offset, Keys found) {
        return queries.rows(PAGE, Tuple.of(source, offset, since)).compose(page -> {
            if (page.size() == 0) {
                return Future.succeededFuture(found);
            }
            return vertx.executeBlocking(() -> collect(traces, page, found), false)
                    .compose(last ->
                            search(traces, since, last.getInteger("source_id"), last.getLong("record_offset"), found));
        });
    }

    /** The last row of the page. */
    private static Row collect(RiderTraces traces, RowSet<Row> page, Keys found) {
        Row last = page.iterator().next();
        for (Row row : page) {
            if (traces.areIn(row.getBuffer("value").getBytes())) {
                found.add(row);
            }
            last = row;
        }
        return last;
    }

    private Future<Row> erase(ApiRequest request, long rider, Keys found) {
        Tuple values = Tuple.of(rider, request.caller().subject(), request.requestId());
        found.addTo(values);
        return queries.row(ERASE, values).map(row -> {
            Row done = RiderOperations.requireKnown(row, rider);
            return switch (done.getString("outcome")) {
                case "erased" -> done;
                case "live" -> throw live();
                default -> throw RiderOperations.unknown(rider);
            };
        });
    }

    private Future<Integer> delete(Keys found) {
        if (found.sources().isEmpty()) {
            return Future.succeededFuture(0);
        }
        Tuple values = Tuple.tuple();
        found.addTo(values);
        return queries.rows(DELETE, values).map(RowSet::rowCount);
    }

    private static ApiResponse response(long rider, Row done, int later) {
        return ApiResponse.json(new Json()
                .put("riderId", rider)
                .put("erasedAt", done.getValue("at"))
                .putColumns(done, "rides", "alerts")
                .put("quarantined", done.getLong("quarantined") + later)
                .object());
    }

    private static ApiException live() {
        return ApiException.conflict("The rider has a live ride. Repeat the request after it has ended.");
    }
}
