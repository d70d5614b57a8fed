package com.deloton.gateway.api.clients;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that this machine may have. */
final class Programs {
    private Programs() {}

    /** The first Python that can import all of these modules: that of the path, or Debian's, which has Debian's packages. */
    static Optional<String> pythonWith(String... modules) {
        return Stream.of("python3", "/usr/bin/python3")
                .filter(python -> succeeds(python, "-c", "import " + String.join(", ", modules)))
                .findFirst();
    }

    /** Whether it is on the path and tells its version. */
    static boolean isInstalled(String name) {
        return succeeds(name, "--version");
    }

    private static boolean succeeds(String... command) {
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
