package com.deloton.gateway;

import com.deloton.gateway.local.LocalCommand;
import java.time.InstantSource;

/** The entry point of the jar with embedded servers: {@link Main} plus the command {@code local}. */
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] args) {
        System.exit(Main.commandLine()
                .addSubcommand(new LocalCommand(
                        (servers, settings) -> LocalGateway.start(servers, settings, InstantSource.system())))
                .execute(args));
    }
}
