package com.deloton.gateway.aot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The classes that a gateway needs only once its servers answer. The image makes its AOT cache by a start without servers, which
 * would leave them out.
 */
public final class TrainingClasses {
    private static final List<String> PACKAGES = List.of(
            "com/deloton/gateway/",
            "io/vertx/kafka/",
            "io/vertx/pgclient/",
            "io/vertx/sqlclient/",
            "org/apache/kafka/clients/",
            "org/apache/kafka/common/");

    private TrainingClasses() {}

    /**
     * Loads them from the jar that this class is in, without initializing them.
     *
     * @return their number; 0 if this class is not in a jar
     */
    public static int load() {
        Path jar = jar(TrainingClasses.class.getProtectionDomain().getCodeSource());
        if (jar == null) {
            return 0;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            return (int) file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .filter(TrainingClasses::isLoadable)
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Path jar(@Nullable CodeSource source) {
        try {
            URI location = source == null ? null : source.getLocation().toURI();
            return location == null || !location.getPath().endsWith(".jar") ? null : Path.of(location);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Some classes need libraries that the jar does not have. */
    private static boolean isLoadable(String name) {
        try {
            Class.forName(name, false, TrainingClasses.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}
