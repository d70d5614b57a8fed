package com.deloton.archive;

import com.deloton.archive.storage.LocalFiles;
import com.deloton.archive.storage.S3Clients;
import com.deloton.gateway.config.archive.ArchiveConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** The Iceberg tables, with their catalog in PostgreSQL's schema {@code archive}. */
final class IcebergCatalog implements AutoCloseable {
    /** As other engines have to name the catalog. */
    static final String NAME = "deloton";

    private static final Map<String, String> TABLE_PROPERTIES = Map.of(
            TableProperties.FORMAT_VERSION,
            "2",
            TableProperties.PARQUET_COMPRESSION,
            "zstd",
            TableProperties.PARQUET_COMPRESSION_LEVEL,
            "9",
            TableProperties.PARQUET_ROW_GROUP_SIZE_BYTES,
            Integer.toString(32 << 20),
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED,
            "true",
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
            "5",
            // Manifests must not contain riders: only these columns have their bounds there.
            TableProperties.DEFAULT_WRITE_METRICS_MODE,
            "none",
            TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + "ride_id",
            "full",
            TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + "day",
            "full");

    private final JdbcCatalog catalog;

    IcebergCatalog(Postgres postgres, ArchiveConfig config) {
        catalog = new JdbcCatalog(properties -> files(config), null, false);
        Map<String, String> properties = new HashMap<>(postgres.catalogProperties());
        properties.put("warehouse", location(Objects.requireNonNull(config.warehouse())));
        catalog.initialize(NAME, properties);
    }

    /** The table, created if it does not exist. */
    Table table(ArchivedTable table) {
        if (catalog.tableExists(table.identifier())) {
            return catalog.loadTable(table.identifier());
        }
        if (!catalog.namespaceExists(ArchivedTable.NAMESPACE)) {
            catalog.createNamespace(ArchivedTable.NAMESPACE);
        }
        Schema schema = table.schema();
        return catalog.buildTable(table.identifier(), schema)
                .withPartitionSpec(ArchivedTable.partitionedByDay(schema))
                .withProperties(TABLE_PROPERTIES)
                .create();
    }

    @Override
    public void close() {
        catalog.close();
    }

    private static String location(String warehouse) {
        return warehouse.startsWith("s3://") ? warehouse : LocalFiles.location(Path.of(warehouse));
    }

    private static FileIO files(ArchiveConfig config) {
        if (!Objects.requireNonNull(config.warehouse()).startsWith("s3://")) {
            return new LocalFiles();
        }
        Map<String, String> properties = new HashMap<>();
        if (config.s3Endpoint() != null) {
            properties.put(S3FileIOProperties.ENDPOINT, config.s3Endpoint());
        }
        if (config.s3Region() != null) {
            properties.put(S3Clients.REGION, config.s3Region());
        }
        S3FileIO files = new S3FileIO();
        files.initialize(S3Clients.properties(properties));
        return files;
    }
}
