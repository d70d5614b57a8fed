package com.deloton.gateway.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** PostgreSQL, Kafka and a mail server on the loopback interface, with their data in one directory. */
public final class LocalServers implements AutoCloseable {
    private final Options options;
    private final DataDirectory data;
    private final LocalPostgres postgres;
    private final LocalKafka kafka;
    private final LocalMail mail;
    private boolean closed;

    private LocalServers(
            Options options, DataDirectory data, LocalPostgres postgres, LocalKafka kafka, LocalMail mail) {
        this.options = options;
        this.data = data;
        this.postgres = postgres;
        this.kafka = kafka;
        this.mail = mail;
    }

    /** Port 0 is any free port; the topic is created if it is missing. */
    public record Options(
            Path data, int postgresPort, int kafkaPort, int smtpPort, int imapPort, String topic, int partitions) {}

    /** The servers cannot start and the user can fix that; the message says how. */
    public static class StartException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public StartException(String message) {
            super(message);
        }

        public StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Starts all three concurrently; if one fails, stops the others.
     *
     * @param progress receives a line when a server begins to start and when it is ready, on any thread
     */
    public static LocalServers start(Options options, Consumer<String> progress) {
        List<Port> ports = List.of(
                new Port(options.postgresPort(), "PostgreSQL", "--postgres-port"),
                new Port(options.kafkaPort(), "Kafka", "--kafka-port"),
                new Port(options.smtpPort(), "SMTP", "--smtp-port"),
                new Port(options.imapPort(), "IMAP", "--imap-port"));
        return start(options, ports, progress);
    }

    /** @param ports that must be free */
    static LocalServers start(Options options, List<Port> ports, Consumer<String> progress) {
        // SLF4J buffers, and warns about, log lines of other threads during its initialization.
        LoggerFactory.getILoggerFactory();
        DataDirectory data = DataDirectory.open(options.data());
        try {
            requireFreePorts(ports);
            return start(options, data, progress);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    private static LocalServers start(Options options, DataDirectory data, Consumer<String> progress) {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            var postgres = CompletableFuture.supplyAsync(
                    () -> timed("PostgreSQL", progress, () -> startPostgres(options, data)), threads);
            var kafka = CompletableFuture.supplyAsync(
                    () -> timed("Kafka", progress, () -> startKafka(options, data)), threads);
            var mail = CompletableFuture.supplyAsync(
                    () -> timed("Mail server", progress, () -> LocalMail.start(options.smtpPort(), options.imapPort())),
                    threads);
            try {
                CompletableFuture.allOf(postgres, kafka, mail).join();
                return new LocalServers(options, data, postgres.join(), kafka.join(), mail.join());
            } catch (CompletionException e) {
                List.of(mail, kafka, postgres).forEach(LocalServers::closeIfStarted);
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
    }

    public Options options() {
        return options;
    }

    public LocalPostgres postgres() {
        return postgres;
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalMail mail() {
        return mail;
    }

    /** Stops the servers, the database last, and unlocks the data directory. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeAll(data, postgres, kafka, mail);
    }

    /** A port for a server, and the option that sets it. */
    record Port(int number, String server, String option) {}

    /** @throws StartException naming every port that is in use */
    private static void requireFreePorts(List<Port> ports) {
        List<String> taken = new ArrayList<>();
        for (Port port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()));
            } catch (IOException e) {
                taken.add("port %d for %s is in use; choose another with %s PORT"
                        .formatted(port.number(), port.server(), port.option()));
            }
        }
        if (!taken.isEmpty()) {
            throw new StartException(String.join(System.lineSeparator(), taken));
        }
    }

    /**
     * A port without a listener, below the usual range of ephemeral ports, so that no outgoing connection takes it before
     * the server binds it.
     */
    public static int freePort() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException inUse) {
                // Try another port.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new StartException("no port from 15000 to 32000 is free");
    }

    private static LocalPostgres startPostgres(Options options, DataDirectory data) {
        return LocalPostgres.start(new LocalPostgres.Options(
                data.resolve("postgres"), data.resolve("postgres-binaries"), options.postgresPort(), true));
    }

    private static LocalKafka startKafka(Options options, DataDirectory data) {
        LocalKafka kafka = LocalKafka.start(data.resolve("kafka"), options.kafkaPort());
        try {
            kafka.createTopic(options.topic(), options.partitions());
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    private static <T> T timed(String name, Consumer<String> progress, Supplier<T> start) {
        progress.accept("Starting %s ...".formatted(name));
        long begun = System.nanoTime();
        T server = start.get();
        progress.accept(readyLine(name, begun));
        return server;
    }

    static String readyLine(String name, long begunNanos) {
        Duration took = Duration.ofNanos(System.nanoTime() - begunNanos);
        return String.format(Locale.ROOT, "%s ready in %.1f s", name, took.toMillis() / 1000.0);
    }

    private static void closeIfStarted(CompletableFuture<? extends AutoCloseable> starting) {
        starting.handle((server, failure) -> {
                    if (server != null) {
                        closeAll(server);
                    }
                    return null;
                })
                .join();
    }

    /** Closes all in reverse order, also after a failure, and throws the first failure. */
    private static void closeAll(AutoCloseable... resources) {
        Deque<AutoCloseable> open = new ArrayDeque<>(List.of(resources));
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.removeLast().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("a server failed to stop", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
