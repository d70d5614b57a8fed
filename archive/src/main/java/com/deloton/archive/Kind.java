package com.deloton.archive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** The type of a column: in PostgreSQL, in Iceberg, and in the bytes that checksums are computed of. */
enum Kind {
    BIGINT("int8send", Types.LongType.get()),
    INTEGER("int4send", Types.IntegerType.get()),
    SMALLINT("int2send", Types.IntegerType.get()),
    DOUBLE("float8send", Types.DoubleType.get()),
    TEXT("textsend", Types.StringType.get()),
    DATE("date_send", Types.DateType.get()),
    TIMESTAMP("timestamptz_send", Types.TimestampType.withZone()),
    INTEGERS("array_send", Types.IntegerType.get()),
    SMALLINTS("array_send", Types.IntegerType.get()),
    REALS("array_send", Types.FloatType.get());

    private static final LocalDate POSTGRES_EPOCH = LocalDate.of(2000, 1, 1);
    private static final OffsetDateTime POSTGRES_EPOCH_TIME =
            POSTGRES_EPOCH.atStartOfDay().atOffset(ZoneOffset.UTC);
    private static final int INT2_OID = 21;
    private static final int INT4_OID = 23;
    private static final int FLOAT4_OID = 700;

    private final String send;
    private final Type element;

    Kind(String send, Type element) {
        this.send = send;
        this.element = element;
    }

    /** SQL: the value in PostgreSQL's binary format. */
    String send(String column) {
        return send + "(" + column + ")";
    }

    Type type(IntSupplier nextId) {
        return isArray() ? Types.ListType.ofOptional(nextId.getAsInt(), element) : element;
    }

    /** The value as Iceberg's generic records hold it. */
    @Nullable
    Object read(ResultSet row, int index) throws SQLException {
        return switch (this) {
            case BIGINT -> row.getObject(index, Long.class);
            case INTEGER, SMALLINT -> row.getObject(index, Integer.class);
            case DOUBLE -> row.getObject(index, Double.class);
            case TEXT -> row.getString(index);
            case DATE -> row.getObject(index, LocalDate.class);
            case TIMESTAMP -> row.getObject(index, OffsetDateTime.class);
            case INTEGERS, SMALLINTS, REALS -> list(row.getArray(index));
        };
    }

    private static @Nullable List<@Nullable Object> list(@Nullable Array array) throws SQLException {
        if (array == null) {
            return null;
        }
        Object[] elements = (Object[]) array.getArray();
        List<@Nullable Object> list = new ArrayList<>(elements.length);
        for (Object element : elements) {
            list.add(element instanceof Short number ? (Integer) number.intValue() : element);
        }
        return list;
    }

    /** The bytes that {@link #send} gives for the value. */
    byte[] bytes(Object value) {
        return switch (this) {
            case BIGINT -> ByteBuffer.allocate(8).putLong((Long) value).array();
            case INTEGER -> ByteBuffer.allocate(4).putInt((Integer) value).array();
            case SMALLINT ->
                ByteBuffer.allocate(2).putShort(((Integer) value).shortValue()).array();
            case DOUBLE -> ByteBuffer.allocate(8).putDouble((Double) value).array();
            case TEXT -> ((String) value).getBytes(StandardCharsets.UTF_8);
            case DATE ->
                ByteBuffer.allocate(4)
                        .putInt((int) ChronoUnit.DAYS.between(POSTGRES_EPOCH, (LocalDate) value))
                        .array();
            case TIMESTAMP ->
                ByteBuffer.allocate(8)
                        .putLong(ChronoUnit.MICROS.between(POSTGRES_EPOCH_TIME, (OffsetDateTime) value))
                        .array();
            case INTEGERS, SMALLINTS, REALS -> arrayBytes((List<?>) value);
        };
    }

    /** Of a one-dimensional array whose first element has index 1: dimensions, whether it has nulls, type, size, elements. */
    private byte[] arrayBytes(List<?> list) {
        boolean isEmpty = list.isEmpty();
        int size = this == SMALLINTS ? Short.BYTES : Integer.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(20 + list.size() * (4 + size));
        bytes.putInt(isEmpty ? 0 : 1).putInt(list.contains(null) ? 1 : 0);
        bytes.putInt(this == SMALLINTS ? INT2_OID : this == INTEGERS ? INT4_OID : FLOAT4_OID);
        if (!isEmpty) {
            bytes.putInt(list.size()).putInt(1);
        }
        for (Object element : list) {
            if (element == null) {
                bytes.putInt(-1);
                continue;
            }
            bytes.putInt(size);
            if (element instanceof Float real) {
                bytes.putFloat(real);
            } else if (this == SMALLINTS) {
                bytes.putShort(((Integer) element).shortValue());
            } else {
                bytes.putInt((Integer) element);
            }
        }
        byte[] used = new byte[bytes.position()];
        bytes.flip().get(used);
        return used;
    }

    private boolean isArray() {
        return this == INTEGERS || this == SMALLINTS || this == REALS;
    }
}
