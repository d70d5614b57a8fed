package com.deloton.gateway.simulate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that sends to Kafka and reports its progress. */
abstract class SendingCommand implements Callable<Integer> {
    static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    final InstantSource clock;
    private final Function<Map<String, Object>, Producer<String, byte[]>> connector;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    SendingCommand(InstantSource clock, Function<Map<String, Object>, Producer<String, byte[]>> connector) {
        this.clock = clock;
        this.connector = connector;
    }

    /** A sender that is not yet connected. */
    KafkaSender sender() {
        return new KafkaSender(kafka.producerProperties(), kafka.topic(), connector);
    }

    /** @throws ParameterException if Kafka rejects an option */
    void connect(Runnable start) {
        silenceReconnects();
        try {
            start.run();
        } catch (KafkaException e) {
            throw invalid(KafkaSender.explain(e), e);
        }
    }

    /** The sender logs once that it waits; Kafka's client would log each attempt to connect. */
    private static void silenceReconnects() {
        ((Logger) LoggerFactory.getLogger("org.apache.kafka.clients.NetworkClient")).setLevel(Level.ERROR);
    }

    ParameterException invalid(String what, Throwable cause) {
        return new ParameterException(spec.commandLine(), what, cause);
    }

    ParameterException invalid(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    void progress(long sent) {
        if (sent > 0) {
            println(sent + " records sent");
        }
    }

    void summary(long sent, long failed, Instant begun) {
        double seconds = Duration.between(begun, clock.instant()).toMillis() / 1000.0;
        println(String.format(Locale.ROOT, "%d records sent, %d failed, in %.1f s", sent, failed, seconds));
    }

    private void println(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
