package com.deloton.gateway.local;

import com.deloton.gateway.Main;

/** The command line of the jar that brings its own servers. */
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] args) {
        System.exit(Main.commandLine()
                .addSubcommand(new LocalCommand(LocalMain::start))
                .execute(args));
    }

    private static LocalCommand.Workload start(LocalServers servers, LocalCommand.Workload.Settings settings) {
        return () -> {};
    }
}
