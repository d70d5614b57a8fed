package com.deloton.gateway.local;

import com.deloton.gateway.Main;
import java.time.InstantSource;

/** The command line of the jar that brings its own servers. */
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] args) {
        System.exit(Main.commandLine()
                .addSubcommand(new LocalCommand(
                        (servers, settings) -> LocalGateway.start(servers, settings, InstantSource.system())))
                .execute(args));
    }
}
