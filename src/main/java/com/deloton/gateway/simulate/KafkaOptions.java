package com.deloton.gateway.simulate;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of commands that send to Kafka. */
final class KafkaOptions {
    private static final Pattern SERVERS = Pattern.compile("[^\\s,]+:\\d{1,5}(,[^\\s,]+:\\d{1,5})*");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers, separated by commas (default: localhost:9092).")
    private @Nullable String bootstrap;

    @Option(names = "--topic", description = "Topic to send to (default: ${DEFAULT-VALUE}).", defaultValue = "deloton")
    private String topic = "deloton";

    @Option(
            names = "--property",
            paramLabel = "K=V",
            description = "A property of the Kafka producer, such as security.protocol=SASL_SSL. May be repeated.")
    private Map<String, String> properties = new HashMap<>();

    @Option(
            names = "--producer-config",
            paramLabel = "FILE",
            description = "A Java properties file of the Kafka producer; --property and --bootstrap override it.")
    private @Nullable Path producerConfig;

    String topic() {
        return topic;
    }

    Map<String, Object> producerProperties() {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
        if (producerConfig != null) {
            Properties read = read(producerConfig);
            read.stringPropertyNames().forEach(name -> all.put(name, read.getProperty(name)));
        }
        all.putAll(properties);
        if (bootstrap != null) {
            if (!SERVERS.matcher(bootstrap).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--bootstrap '" + bootstrap + "' is not valid; expected HOST:PORT, for example localhost:9092");
            }
            all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        }
        return all;
    }

    private Properties read(Path file) {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read.load(reader);
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--producer-config '" + file + "' cannot be read (" + e + "); expected a Java properties file",
                    e);
        }
    }
}
