package com.deloton.gateway.api.clients;

import java.io.IOException;

/** Programs that this machine may have. */
final class Programs {
    private Programs() {}

    /** Whether it is on the path and tells its version. */
    static boolean isInstalled(String name) {
        try {
            return new ProcessBuilder(name, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
