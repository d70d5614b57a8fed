package com.deloton.infra;

import com.pulumi.Pulumi;

public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // With one worker the SDK's runner spins for ever on JDK 25, and a machine with two cores gets one.
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "4");
        Pulumi.run(GatewayStack::define);
    }
}
