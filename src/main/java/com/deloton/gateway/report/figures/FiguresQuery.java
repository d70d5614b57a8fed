package com.deloton.gateway.report.figures;

import com.deloton.gateway.report.figures.DailyFigures.Acknowledgements;
import com.deloton.gateway.report.figures.DailyFigures.Alerts;
import com.deloton.gateway.report.figures.DailyFigures.Best;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Group;
import com.deloton.gateway.report.figures.DailyFigures.Quality;
import com.deloton.gateway.report.figures.DailyFigures.RiderLine;
import com.deloton.gateway.report.figures.DailyFigures.Totals;
import com.deloton.gateway.ride.Rider.Gender;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a day's figures from the warehouse. Blocks: not for event loops. */
public final class FiguresQuery {
    private static final String ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    private static final int ZONES = 5;
    private static final List<ReportAgeGroup> AGE_GROUPS = List.of(ReportAgeGroup.values());

    private FiguresQuery() {}

    /** Reads all figures from one snapshot of the database. */
    public static DailyFigures read(Pool pool, ReportDay day, Instant now) {
        SqlConnection connection = pool.getConnection().await();
        try {
            Transaction transaction = connection.begin().await();
            try {
                connection.query(ONE_SNAPSHOT).execute().await();
                return read(connection, day, now);
            } finally {
                transaction.rollback().await();
            }
        } finally {
            connection.close().await();
        }
    }

    /** Sends all queries before it waits for the first result. */
    private static DailyFigures read(SqlConnection connection, ReportDay day, Instant now) {
        Future<RowSet<Row>> totals = query(connection, FiguresSql.TOTALS, day);
        Future<RowSet<Row>> dayBefore = query(connection, FiguresSql.TOTALS, day.minusDays(1));
        Future<RowSet<Row>> weekBefore = query(connection, FiguresSql.TOTALS, day.minusDays(7));
        Future<RowSet<Row>> groups = query(connection, FiguresSql.GROUPS, day);
        Future<RowSet<Row>> hours = query(connection, FiguresSql.HOURS, day);
        Future<RowSet<Row>> zones = query(connection, FiguresSql.ZONES, day);
        Future<RowSet<Row>> records = query(connection, FiguresSql.RECORDS, day);
        Future<RowSet<Row>> alerts = query(connection, FiguresSql.ALERTS, day);
        Future<RowSet<Row>> quality = query(connection, FiguresSql.QUALITY, day);
        Future<RowSet<Row>> riders =
                connection.preparedQuery(FiguresSql.RIDERS).execute(window(day).addInteger(DailyFigures.MAX_RIDERS));
        return new DailyFigures(
                day,
                now,
                totals(totals.await()),
                totals(dayBefore.await()),
                totals(weekBefore.await()),
                list(groups.await(), FiguresQuery::group),
                hours(hours.await(), day.hours()),
                zones(zones.await()),
                list(records.await(), FiguresQuery::best),
                alerts(first(alerts.await())),
                quality(first(quality.await())),
                list(riders.await(), FiguresQuery::rider));
    }

    private static Future<RowSet<Row>> query(SqlConnection connection, String sql, ReportDay day) {
        return connection.preparedQuery(sql).execute(window(day));
    }

    private static Tuple window(ReportDay day) {
        return Tuple.of(day.start().atOffset(ZoneOffset.UTC), day.end().atOffset(ZoneOffset.UTC));
    }

    private static Row first(RowSet<Row> rows) {
        return rows.iterator().next();
    }

    private static <T> List<T> list(RowSet<Row> rows, java.util.function.Function<Row, T> make) {
        List<T> list = new ArrayList<>(rows.size());
        rows.forEach(row -> list.add(make.apply(row)));
        return list;
    }

    private static Counts counts(Row row) {
        return new Counts(
                row.getInteger(0),
                row.getInteger(1),
                row.getLong(2),
                row.getDouble(3),
                row.getDouble(4),
                row.getDouble(5));
    }

    private static Totals totals(RowSet<Row> rows) {
        Row row = first(rows);
        return new Totals(counts(row), row.getDouble(6), row.getDouble(7));
    }

    private static Group group(Row row) {
        return new Group(
                row.getBoolean(8) ? null : gender(row.getString(6)),
                row.getBoolean(9) ? null : ageGroup(row.getInteger(7)),
                counts(row));
    }

    private static List<Integer> hours(RowSet<Row> rows, int hours) {
        List<Integer> rides = new ArrayList<>(Collections.nCopies(hours, 0));
        rows.forEach(row -> rides.set(row.getInteger(0), row.getInteger(1)));
        return rides;
    }

    private static List<Long> zones(RowSet<Row> rows) {
        List<Long> seconds = new ArrayList<>(Collections.nCopies(ZONES, 0L));
        rows.forEach(row -> seconds.set(row.getInteger(0) - 1, row.getLong(1)));
        return seconds;
    }

    private static Best best(Row row) {
        return new Best(
                Best.Kind.valueOf(row.getString(0)),
                row.getDouble(1),
                row.getDouble(2),
                row.getLong(3),
                row.getLong(4),
                gender(row.getString(5)),
                ageGroup(row.getInteger(6)));
    }

    private static Alerts alerts(Row row) {
        return new Alerts(
                row.getInteger(0),
                row.getInteger(1),
                row.getInteger(2),
                row.getInteger(3),
                row.getInteger(4),
                row.getInteger(5),
                row.getInteger(6),
                row.getInteger(7),
                new Acknowledgements(row.getInteger(8), row.getInteger(9), row.getDouble(10), row.getDouble(11)));
    }

    private static Quality quality(Row row) {
        return new Quality(
                row.getLong(0),
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getInteger(5),
                row.getInteger(6),
                row.getInteger(7));
    }

    private static RiderLine rider(Row row) {
        return new RiderLine(
                row.getLong(6),
                row.getString(12),
                gender(row.getString(7)),
                row.getInteger(8),
                counts(row),
                row.getInteger(9),
                row.getInteger(11));
    }

    private static Gender gender(String stored) {
        return Gender.valueOf(stored.toUpperCase(Locale.ROOT));
    }

    private static ReportAgeGroup ageGroup(@Nullable Integer bucket) {
        return bucket == null ? ReportAgeGroup.UNKNOWN : AGE_GROUPS.get(bucket);
    }
}
