package com.deloton.gateway.testing;

import com.deloton.gateway.local.LocalKafka;
import com.deloton.gateway.local.LocalMail;
import com.deloton.gateway.local.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real servers for tests. PostgreSQL and Kafka start on first use and serve all tests of the JVM, so ask for a database
 * or a topic of your own instead of cleaning up. They stop with the JVM and keep nothing.
 */
public final class TestServers {
    private static final Logger LOG = LoggerFactory.getLogger(TestServers.class);
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private TestServers() {}

    /** How to reach a database. Its user owns it. */
    public record Database(String host, int port, String name, String user, String password) {

        /** The gateway's database of a server that a test has started. */
        public static Database of(LocalPostgres server) {
            return new Database(server.host(), server.port(), LocalPostgres.DATABASE, server.user(), server.password());
        }

        public String jdbcUrl() {
            return "jdbc:postgresql://%s:%d/%s".formatted(host, port, name);
        }

        /** {@code postgresql://user:password@host:port/name}. */
        public String url() {
            return "postgresql://%s:%s@%s:%d/%s".formatted(user, password, host, port, name);
        }

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl(), user, password);
        }
    }

    /** An empty database that no other caller gets. */
    public static Database freshDatabase() {
        return create("");
    }

    /** The same with all that is in another, to which nobody is connected; rights to the database itself are not. */
    public static Database copyOf(Database template) {
        return create(" template " + template.name());
    }

    private static Database create(String how) {
        LocalPostgres postgres = Postgres.SERVER;
        String name = "test_" + COUNTER.incrementAndGet();
        try (Connection connection = postgres.connect(LocalPostgres.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + how);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return new Database(postgres.host(), postgres.port(), name, postgres.user(), postgres.password());
    }

    /** For {@code bootstrap.servers}. */
    public static String kafkaBootstrap() {
        return Kafka.SERVER.bootstrap();
    }

    /** The name of a new, empty topic that no other caller gets. */
    public static String freshTopic(int partitions) {
        String name = "test-" + COUNTER.incrementAndGet();
        Kafka.SERVER.createTopic(name, partitions);
        return name;
    }

    /** A mail server of the caller's own on free ports; the caller closes it. */
    public static LocalMail mail() {
        return LocalMail.start(0, 0);
    }

    /** A new directory under {@code target}, deleted when the JVM ends. */
    public static Path freshDirectory() {
        return Root.PATH.resolve("dir-" + COUNTER.incrementAndGet());
    }

    /** Where PostgreSQL's programs are unpacked once for all builds. */
    public static Path postgresBinaries() {
        return TARGET.resolve("postgres-binaries");
    }

    private static final class Postgres {
        static final LocalPostgres SERVER = Root.closedFirst(LocalPostgres.start(
                new LocalPostgres.Options(Root.PATH.resolve("postgres"), postgresBinaries(), 0, false)));
    }

    private static final class Kafka {
        static final LocalKafka SERVER = Root.closedFirst(LocalKafka.start(Root.PATH.resolve("kafka"), 0));
    }

    private static final class Root {
        static final Path PATH =
                TARGET.resolve("test-servers-" + ProcessHandle.current().pid());
        private static final Deque<AutoCloseable> OPEN = new ConcurrentLinkedDeque<>();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Root::close, "test-servers"));
        }

        static <T extends AutoCloseable> T closedFirst(T server) {
            OPEN.push(server);
            return server;
        }

        private static void close() {
            for (AutoCloseable server : OPEN) {
                try {
                    server.close();
                } catch (Exception e) {
                    LOG.warn("a test server does not stop", e);
                }
            }
            delete();
        }

        private static void delete() {
            if (!Files.exists(PATH)) {
                return;
            }
            try (var paths = Files.walk(PATH)) {
                paths.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
