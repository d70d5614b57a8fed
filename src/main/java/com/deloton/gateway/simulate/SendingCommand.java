package com.deloton.gateway.simulate;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that sends to Kafka, and says how far it is. */
abstract class SendingCommand implements Callable<Integer> {
    static final Duration PROGRESS = Duration.ofSeconds(5);

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

    /** Not connected yet. */
    KafkaSender outlet() {
        return new KafkaSender(kafka.producerProperties(), kafka.topic(), connector);
    }

    /** Connects, or says which option is wrong. */
    void connect(Runnable start) {
        try {
            start.run();
        } catch (KafkaException e) {
            throw wrong(KafkaSender.explain(e), e);
        }
    }

    ParameterException wrong(String what, Throwable cause) {
        return new ParameterException(spec.commandLine(), what, cause);
    }

    ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    void progress(long sent) {
        say(sent + " messages sent");
    }

    void summary(long sent, long failed, Instant begun) {
        double seconds = Duration.between(begun, clock.instant()).toMillis() / 1000.0;
        say(String.format(Locale.ROOT, "%d messages sent, %d failed, in %.1f s", sent, failed, seconds));
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
