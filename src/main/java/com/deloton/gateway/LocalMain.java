package com.deloton.gateway;

import com.deloton.gateway.local.LocalCommand;
import java.time.InstantSource;

/** The entry point of the jar with embedded servers: {@link Main} plus the command {@code local}. */
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] args) {
        InstantSource clock = InstantSource.system();
        System.exit(Main.commandLine(new LocalCommand(new LocalGateway.Starter(System.getenv(), clock)))
                .execute(args));
    }
}
