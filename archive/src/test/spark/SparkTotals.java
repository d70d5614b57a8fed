import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Prints totals of the archived readings, as Spark reads them through the catalog. Arguments: JDBC URL, user, password, warehouse. */
final class SparkTotals {
    private SparkTotals() {}

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.catalog.deloton", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.deloton.type", "jdbc")
                .config("spark.sql.catalog.deloton.uri", args[0])
                .config("spark.sql.catalog.deloton.jdbc.user", args[1])
                .config("spark.sql.catalog.deloton.jdbc.password", args[2])
                .config("spark.sql.catalog.deloton.warehouse", args[3])
                .getOrCreate();
        Row row = spark.sql("""
                SELECT count(*), count(DISTINCT ride_id), count(delay_ms), sum(heart_rate_bpm), sum(cadence_rpm), sum(power_w)
                FROM (SELECT ride_id, inline(arrays_zip(delay_ms, heart_rate_bpm, cadence_rpm, power_w))
                      FROM deloton.archive.ride_readings)""").head();
        System.out.println("totals: " + row.mkString(" "));
        spark.stop();
    }
}
