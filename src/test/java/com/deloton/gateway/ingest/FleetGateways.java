package com.deloton.gateway.ingest;

import com.deloton.gateway.bench.GatewayMetrics;
import com.deloton.gateway.local.LocalServers;
import com.deloton.gateway.testing.ChildJvm;
import com.deloton.gateway.testing.GatewayProcess;
import com.deloton.gateway.testing.TestServers.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The running gateways of a run. */
record FleetGateways(List<GatewayProcess> processes, List<GatewayMetrics> metrics) implements AutoCloseable {
    /** The heap of a small deployment: in less, garbage collection takes up to a sixth of the CPU with 10,000 open rides. */
    private static final String HEAP = "-Xmx1g";

    static FleetGateways start(FleetRun.Load load, Database database, String topic) throws IOException {
        FleetGateways gateways = new FleetGateways(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < load.processes(); i++) {
            int port = LocalServers.freePort();
            gateways.processes.add(GatewayProcess.startOptimised(
                    database, topic, variables(load.settings(), port), flags(load.settings())));
            gateways.metrics.add(new GatewayMetrics(port));
        }
        return gateways;
    }

    List<ChildJvm> jvms() {
        return processes.stream().map(GatewayProcess::jvm).toList();
    }

    GatewayProcess removeLast() {
        metrics.removeLast();
        return processes.removeLast();
    }

    double cpu() {
        return jvms().stream().mapToDouble(jvm -> jvm.cpu().toNanos() / 1e9).sum();
    }

    Map<String, Double> cpuByThread() throws IOException {
        Map<String, Double> seconds = new HashMap<>();
        for (ChildJvm jvm : jvms()) {
            jvm.cpuByThread().forEach((name, cpu) -> seconds.merge(name, cpu, Double::sum));
        }
        return seconds;
    }

    double metric(String name) throws IOException, InterruptedException {
        double sum = 0;
        for (GatewayMetrics each : metrics) {
            sum += each.sum(name);
        }
        return sum;
    }

    /** Bytes. */
    double heapAfterGc() throws IOException, InterruptedException {
        double sum = 0;
        for (int i = 0; i < processes.size(); i++) {
            processes.get(i).jvm().collectGarbage();
            sum += metrics.get(i).sum("jvm_memory_used_bytes", "area=\"heap\"");
        }
        return sum;
    }

    @Override
    public void close() {
        processes.forEach(GatewayProcess::close);
    }

    private static Map<String, String> variables(String settings, int port) {
        Map<String, String> variables =
                new HashMap<>(Map.of("DELOTON_INGEST_FLUSH_INTERVAL", "1s", "DELOTON_HTTP_PORT", String.valueOf(port)));
        for (String setting : settings.split(" ", -1)) {
            if (!setting.startsWith("-")) {
                String[] parts = setting.split("=", 2);
                variables.put("DELOTON_" + parts[0], parts[1]);
            }
        }
        return variables;
    }

    private static List<String> flags(String settings) {
        return Stream.concat(
                        Stream.of(HEAP), Stream.of(settings.split(" ", -1)).filter(setting -> setting.startsWith("-")))
                .toList();
    }
}
