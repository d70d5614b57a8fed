package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of {@code src/test/polyglot} while it runs, in {@code target/polyglot}, with the contract beside it. */
final class NodeTool implements AutoCloseable {
    private static final Path HOME = Path.of("target/polyglot").toAbsolutePath();
    private static final Path SOURCES = Path.of("src/test/polyglot");
    private static final String INSTALL = "npm ci --ignore-scripts --no-audit --no-fund";

    private final Process process;
    private final Path log;

    private NodeTool(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static boolean isInstallable() {
        return Programs.isInstalled("node") && Programs.isInstalled("npm");
    }

    /** Installs the tools of the lockfile, once for a lockfile. */
    static void install() {
        try {
            Files.createDirectories(HOME);
            try (var files = Files.list(SOURCES)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, HOME.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            for (String document : List.of("openapi.yaml", "asyncapi.yaml")) {
                Files.copy(Path.of(document), HOME.resolve(document), StandardCopyOption.REPLACE_EXISTING);
            }
            Path done = HOME.resolve("node_modules/.lockfile");
            Path wanted = HOME.resolve("package-lock.json");
            if (!Files.exists(done) || Files.mismatch(done, wanted) >= 0) {
                // What npm's cache knows of versions may be older than the lockfile.
                run("sh", "-c", INSTALL + " --prefer-offline || " + INSTALL);
                Files.copy(wanted, done, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NodeTool start(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        Path installed = HOME.resolve("node_modules/.bin").resolve(program);
        command.addFirst(Files.exists(installed) ? installed.toString() : program);
        try {
            Path log = Files.createTempFile(HOME, program, ".log");
            return new NodeTool(
                    new ProcessBuilder(command)
                            .directory(HOME.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it says until it has ended, which must be well. */
    static String run(String program, String... arguments) {
        try (NodeTool tool = start(program, arguments)) {
            return tool.output();
        }
    }

    /** As {@link #run}. */
    String output() {
        try {
            int status = process.waitFor();
            assertThat(status).as(said()).isZero();
            return said();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
