package com.deloton.gateway.faults;

import com.deloton.gateway.local.LocalKafka;
import java.io.IOException;
import java.nio.file.Path;

/** A Kafka broker as a process. Arguments: its data directory and its port. Ends with its standard input. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws IOException {
        LocalKafka.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        if (System.in.read() < 0) {
            // Its parent is gone.
            Runtime.getRuntime().halt(0);
        }
    }
}
