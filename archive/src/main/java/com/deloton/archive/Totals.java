package com.deloton.archive;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.iceberg.data.Record;

/**
 * What is compared of two copies of a day.
 *
 * @param readings seconds with a reading
 * @param checksum sum over the rows of the first 60 bits of the MD5 of a row's values in PostgreSQL's binary format
 */
record Totals(long rows, long readings, BigInteger checksum) {
    static final Totals NONE = new Totals(0, 0, BigInteger.ZERO);

    Totals plus(Totals other) {
        return new Totals(rows + other.rows, readings + other.readings, checksum.add(other.checksum));
    }

    @Override
    public String toString() {
        return "%d rows, %d readings, checksum %s".formatted(rows, readings, checksum);
    }

    /** Totals of rows one by one. */
    static final class Sum {
        private static final int BITS_BEYOND_60 = 4;
        private final ArchivedTable table;
        private final MessageDigest md5;
        private long rows;
        private long readings;
        private BigInteger checksum = BigInteger.ZERO;

        Sum(ArchivedTable table) {
            this.table = table;
            try {
                md5 = MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        void add(Record row) {
            for (Column column : table.columns()) {
                Object value = row.getField(column.name());
                md5.update((byte) (value == null ? 0 : 1));
                if (value != null) {
                    md5.update(column.kind().bytes(value));
                }
            }
            rows++;
            readings += table.readingsOf(row);
            checksum = checksum.add(
                    BigInteger.valueOf(java.nio.ByteBuffer.wrap(md5.digest()).getLong() >>> BITS_BEYOND_60));
        }

        Totals totals() {
            return new Totals(rows, readings, checksum);
        }
    }
}
