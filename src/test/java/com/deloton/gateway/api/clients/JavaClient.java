package com.deloton.gateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The client that openapi-generator makes of the contract, compiled with a program that uses it. */
final class JavaClient {
    private final Path classes;
    private final String program;

    private JavaClient(Path classes, String program) {
        this.classes = classes;
        this.program = program;
    }

    /**
     * @param client its folder in {@code target}
     * @param program a class of {@code src/test/polyglot}
     */
    static JavaClient compile(String client, String program, Path classes) throws IOException {
        Path generated = Path.of("target", client, "src/main/java");
        assertThat(generated)
                .as("made by `mvn pre-integration-test`, unless by -DskipTests")
                .isDirectory();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files =
                        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);
                Stream<Path> sources = Files.walk(generated)) {
            List<Path> all = Stream.concat(Stream.of(Path.of("src/test/polyglot", program + ".java")), sources)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        return new JavaClient(classes, program);
    }

    /** @param arguments base URL, token, token without a scope for rides */
    List<?> report(String... arguments) throws Exception {
        URL[] path = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
            return (List<?>) loader.loadClass(program)
                    .getMethod("of", String.class, String.class, String.class)
                    .invoke(null, (Object[]) arguments);
        }
    }
}
