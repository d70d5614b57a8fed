package com.deloton.infra;

import com.deloton.infra.delivery.AccountStack;
import com.pulumi.Context;
import com.pulumi.Pulumi;

public final class Main {
    private Main() {}

    /** The stack's name selects the program: the account's shared resources, or one gateway. */
    static void define(Context pulumi) {
        if (pulumi.stackName().equals(AccountStack.NAME)) {
            AccountStack.define(pulumi);
        } else {
            GatewayStack.define(pulumi);
        }
    }

    public static void main(String[] args) {
        // With one worker the SDK's runner spins forever on JDK 25, and a machine with two cores gets one.
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "4");
        Pulumi.run(Main::define);
    }
}
