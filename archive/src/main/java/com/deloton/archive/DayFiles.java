package com.deloton.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/** Parquet files of one day of one table, written but not yet part of the table. */
final class DayFiles {
    private static final long FILE_BYTES = 512L << 20;
    private final Table table;
    private final PartitionData partition;
    private final LocalDate day;
    private final List<DataFile> files = new ArrayList<>();
    private @Nullable DataWriter<Record> writer;

    DayFiles(Table table, LocalDate day) {
        this.table = table;
        this.day = day;
        partition = new PartitionData(table.spec().partitionType());
        partition.set(0, (int) day.toEpochDay());
    }

    void write(Record row) throws IOException {
        DataWriter<Record> open = writer == null ? open() : writer;
        writer = open;
        open.write(row);
        if (open.length() > FILE_BYTES) {
            finish();
        }
    }

    /** Completes the last file. */
    List<DataFile> finish() throws IOException {
        if (writer != null) {
            writer.close();
            files.add(writer.toDataFile());
            writer = null;
        }
        return files;
    }

    /** The totals of the rows in the files, read back. */
    Totals readBack(ArchivedTable archived) throws IOException {
        Totals.Sum sum = new Totals.Sum(archived);
        for (DataFile file : files) {
            try (CloseableIterable<Record> rows = Parquet.read(table.io().newInputFile(file.location()))
                    .project(table.schema())
                    .createReaderFunc(type -> GenericParquetReaders.buildReader(table.schema(), type))
                    .build()) {
                rows.forEach(sum::add);
            }
        }
        return sum.totals();
    }

    long bytes() {
        return files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
    }

    /** Deletes the files, of an export that is given up. */
    void discard() {
        try {
            finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            files.forEach(file -> table.io().deleteFile(file.location()));
        }
    }

    private DataWriter<Record> open() throws IOException {
        String location = table.locationProvider()
                .newDataLocation(table.spec(), partition, day + "-" + UUID.randomUUID() + ".parquet");
        return Parquet.writeData(table.io().newOutputFile(location))
                .forTable(table)
                .metricsConfig(MetricsConfig.forTable(table))
                .withSpec(table.spec())
                .withPartition(partition)
                .createWriterFunc(type -> GenericParquetWriter.create(table.schema(), type))
                .build();
    }
}
