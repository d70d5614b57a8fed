package com.deloton.gateway.api.query;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A JSON object that leaves out members without a value. */
public final class Json implements Members {
    private static final int THOUSANDTHS = 1_000;

    /** Up to here a double holds thousandths exactly enough to see on which side of a half a value is. */
    private static final double FAST_MAX = 1e9;

    private static final double HALF_MARGIN = 1e-4;

    /** Decimal places of measured and computed figures. */
    private static final int DECIMALS = 3;

    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private static final Map<String, String> COLUMNS = new ConcurrentHashMap<>();

    private final JsonObject object = new JsonObject();

    /** An instant as {@code timestamptz}. */
    public static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** With exactly three fraction digits, so that a column of times has one format. */
    public static String millis(Instant time) {
        return MILLIS.format(time);
    }

    /** Rounded to 0.001. */
    public static double round(double value) {
        double scaled = value * THOUSANDTHS;
        double whole = Math.floor(scaled);
        if (Math.abs(scaled) < FAST_MAX && Math.abs(scaled - whole - 0.5) > HALF_MARGIN) {
            return Math.rint(scaled) / THOUSANDTHS + 0.0;
        }
        return BigDecimal.valueOf(value)
                .setScale(DECIMALS, RoundingMode.HALF_UP)
                .doubleValue();
    }

    /** A page: {@code items} and, if there may be more, {@code next}. */
    public static JsonObject page(List<JsonObject> items, @Nullable String next) {
        return new Json().put("items", new JsonArray(items)).put("next", next).object();
    }

    @Override
    public Json put(String name, @Nullable Object value) {
        if (value instanceof Double d) {
            object.put(name, round(d));
        } else if (value instanceof Float f) {
            object.put(name, round(f));
        } else if (value instanceof OffsetDateTime t) {
            object.put(name, t.toInstant().toString());
        } else if (value instanceof Json j) {
            object.put(name, j.object);
        } else if (value instanceof java.time.LocalDate d) {
            object.put(name, d.toString());
        } else if (value != null) {
            object.put(name, value);
        }
        return this;
    }

    @Override
    public Json putObject(String name, Consumer<Members> members) {
        Json object = new Json();
        members.accept(object);
        return put(name, object);
    }

    /** Copies columns, whose names are the members' in snake case: {@code power_mean_w} becomes {@code powerMeanW}. */
    public Json putColumns(Row row, String... names) {
        for (String name : names) {
            put(name, row.getValue(COLUMNS.computeIfAbsent(name, Json::column)));
        }
        return this;
    }

    /** The name in snake case. */
    static String column(String name) {
        StringBuilder column = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean starts = Character.isUpperCase(c)
                    || (Character.isDigit(c) && !Character.isDigit(name.charAt(Math.max(0, i - 1))));
            column.append(starts ? "_" : "").append(Character.toLowerCase(c));
        }
        return column.toString();
    }

    public JsonObject object() {
        return object;
    }
}
