package com.deloton.gateway.api.clients;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that this machine may have. */
final class Programs {
    private Programs() {}

    /** The first Python that runs this without an error: that of the path, or Debian's, which has Debian's packages. */
    static Optional<String> pythonThatRuns(String code) {
        return Stream.of("python3", "/usr/bin/python3")
                .filter(python -> succeeds(python, "-c", code))
                .findFirst();
    }

    /** Whether it is on the path and tells its version. */
    static boolean isInstalled(String name) {
        return succeeds(name, "--version");
    }

    static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command)
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
