package com.deloton.gateway.api.reports;

import com.deloton.gateway.api.query.Cursor;
import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.query.Where;
import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.report.ReportStore;
import com.deloton.gateway.report.render.PdfReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The operations below {@code /reports}. */
public final class ReportOperations implements Operations {
    private static final String ORDER = "reports";
    private static final String HTML = "text/html";
    private static final String CSV = "text/csv";
    private static final String PDF = "application/pdf";
    private static final String COLUMNS =
            "day, zone, status, requested_at, requested_by, generated_at, sent_at, reason, rides, riders";

    private static final String RUN = """
            WITH audited AS (
                INSERT INTO audit (subject, action, target, request_id) VALUES ($3, 'run_report', 'report/' || $1::date, $4)
            )
            """ + ReportStore.RUN_AGAIN + " RETURNING " + COLUMNS;

    /** Each run ends with a mail to staff. */
    private static final int MOST_RUNS_PER_HOUR = 6;

    /** One run at a time, so that concurrent requests are counted. Ends with the transaction. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('deloton.run_report'))";

    private static final String RUNS =
            "SELECT count(*) FROM audit WHERE action = 'run_report' AND at > now() - interval '1 hour'";

    private final Vertx vertx;
    private final Queries queries;
    private final ZoneId zone;
    private final InstantSource clock;

    /** Reports are about the calendar days of {@code zone}. */
    public ReportOperations(Vertx vertx, Queries queries, ZoneId zone, InstantSource clock) {
        this.vertx = vertx;
        this.queries = queries;
        this.zone = zone;
        this.clock = clock;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("listReports", this::list, "getReport", this::get, "runReport", this::run);
    }

    private Future<ApiResponse> list(ApiRequest request) {
        int limit = Queries.limit(request);
        Where where = new Where();
        Cursor cursor = Cursor.read(request, ORDER, Long.class);
        if (cursor != null) {
            where.and("day < ?", LocalDate.ofEpochDay(Math.clamp(cursor.number(0), -700_000, 2_000_000)));
        }
        String sql = "SELECT " + COLUMNS + " FROM daily_report" + where.sql() + " ORDER BY day DESC"
                + Queries.limitedTo(limit + 1);
        return queries.rows(sql, where.tuple())
                .map(rows -> ApiResponse.page(Queries.page(
                        rows,
                        limit,
                        row -> summary(row).object(),
                        row -> Cursor.of(ORDER, row.getLocalDate("day").toEpochDay()))));
    }

    private Future<ApiResponse> get(ApiRequest request) {
        LocalDate day = day(request);
        return queries.row("SELECT " + COLUMNS + ", figures, html, csv FROM daily_report WHERE day = $1", Tuple.of(day))
                .compose(row -> {
                    if (row == null) {
                        throw ApiException.notFound("The report about " + day);
                    }
                    return switch (request.accept()) {
                        case HTML ->
                            Future.succeededFuture(
                                    ApiResponse.of(200, HTML, Buffer.buffer(document(row, "html", "HTML", day))));
                        case CSV ->
                            Future.succeededFuture(
                                    file(ApiResponse.csv(Buffer.buffer(document(row, "csv", "CSV", day))), day, "csv"));
                        case PDF -> pdf(document(row, "html", "PDF", day), day);
                        default ->
                            Future.succeededFuture(ApiResponse.json(new Json()
                                    .put("report", summary(row))
                                    .put("figures", row.getJsonObject("figures"))
                                    .object()));
                    };
                });
    }

    /** A document of the archive; fails with 404 before the report is generated. */
    private static String document(Row row, String column, String word, LocalDate day) {
        @Nullable String document = row.getString(column);
        if (document == null) {
            throw ApiException.notFound("The " + word + " of the report about " + day);
        }
        return document;
    }

    /** One conversion at a time on each event loop, since it takes about a second of CPU time. */
    private Future<ApiResponse> pdf(String html, LocalDate day) {
        return vertx.executeBlocking(() -> PdfReport.of(html))
                .map(pdf -> file(ApiResponse.of(200, PDF, Buffer.buffer(pdf)), day, "pdf"));
    }

    private static ApiResponse file(ApiResponse response, LocalDate day, String extension) {
        return response.withHeader(
                "Content-Disposition", "attachment; filename=\"daily-report-%s.%s\"".formatted(day, extension));
    }

    private Future<ApiResponse> run(ApiRequest request) {
        LocalDate day = day(request);
        if (!day.isBefore(clock.instant().atZone(zone).toLocalDate())) {
            throw ApiException.conflict("The day is not over in the report's time zone. Expected a past day.");
        }
        String zoneName = zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
        Tuple values = Tuple.of(day, zoneName, request.caller().subject(), request.requestId());
        return queries.pool()
                .withTransaction(connection -> connection
                        .query(LOCK)
                        .execute()
                        .compose(locked -> connection.query(RUNS).execute())
                        .compose(runs -> {
                            if (runs.iterator().next().getLong(0) >= MOST_RUNS_PER_HOUR) {
                                throw ApiException.tooManyPerHour("Reports were run " + MOST_RUNS_PER_HOUR
                                        + " times within an hour, the most allowed. Repeat the request in an hour.");
                            }
                            return connection.preparedQuery(RUN).execute(values);
                        }))
                .map(rows -> {
                    vertx.eventBus().publish(ReportStore.DUE, day.toString());
                    return ApiResponse.json(
                                    202,
                                    summary(Objects.requireNonNull(Queries.first(rows)))
                                            .object())
                            .withHeader("Location", "/v1/reports/" + day);
                });
    }

    private LocalDate day(ApiRequest request) {
        return request.date("date", zone, clock);
    }

    private static Json summary(Row row) {
        return new Json()
                .put("date", row.getLocalDate("day"))
                .putColumns(row, "zone", "status", "requestedAt", "requestedBy", "generatedAt", "sentAt", "reason")
                .putColumns(row, "rides", "riders");
    }
}
