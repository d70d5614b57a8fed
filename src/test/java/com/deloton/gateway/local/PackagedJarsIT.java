package com.deloton.gateway.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.OtlpReceiver;
import com.deloton.gateway.testing.TestServers;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class PackagedJarsIT {
    private static final Path PRODUCTION = Path.of("target", "deloton-gateway.jar");
    private static final Path LOCAL = Path.of("target", "deloton-gateway-local.jar");
    private static final List<String> EMBEDDED = List.of(
            "com/deloton/gateway/local/",
            "kafka/server/",
            "scala/",
            "org/apache/kafka/controller/",
            "org/apache/kafka/coordinator/",
            "org/apache/kafka/metadata/",
            "org/apache/kafka/raft/",
            "org/apache/kafka/storage/",
            "org/apache/logging/log4j/",
            "io/zonky/",
            "com/icegreen/",
            "postgres-");

    @Test
    void productionJarBringsNoServers() throws IOException {
        assertThat(entries(PRODUCTION)).noneMatch(name -> EMBEDDED.stream().anyMatch(name::startsWith));
        assertThat(PRODUCTION.toFile().length()).isLessThan(38_000_000);
    }

    @Test
    void bothJarsBringTheCompressionsOfKafkaForTheUsualPlatforms() throws IOException {
        for (Path jar : List.of(PRODUCTION, LOCAL)) {
            assertThat(entries(jar))
                    .filteredOn(name -> name.matches(".*(libzstd-jni|snappyjava|liblz4-java).*"))
                    .map(name -> name.replaceAll(".*(zstd|snappy|lz4).*", "$1 ")
                            + name.replaceFirst("^(org/xerial/snappy/native|net/jpountz/util)/", "")
                                    .replaceFirst("/[^/]*$", ""))
                    .containsExactlyInAnyOrder(
                            "zstd linux/amd64",
                            "zstd linux/aarch64",
                            "zstd darwin/x86_64",
                            "zstd darwin/aarch64",
                            "zstd win/amd64",
                            "snappy Linux/x86_64",
                            "snappy Linux/aarch64",
                            "snappy Mac/x86_64",
                            "snappy Mac/aarch64",
                            "snappy Windows/x86_64",
                            "lz4 linux/amd64",
                            "lz4 linux/aarch64",
                            "lz4 darwin/x86_64",
                            "lz4 darwin/aarch64",
                            "lz4 windows/amd64");
        }
    }

    @Test
    void localJarBringsAllServersForOnePlatform() throws IOException {
        assertThat(entries(LOCAL))
                .filteredOn(name -> name.startsWith("postgres-") && name.endsWith(".txz"))
                .hasSize(1);
        assertThat(EMBEDDED)
                .filteredOn(prefix -> !prefix.equals("postgres-"))
                .allSatisfy(prefix -> assertThat(entries(LOCAL)).anyMatch(name -> name.startsWith(prefix)));
    }

    @Test
    void bothJarsCarryTheirBillOfMaterials() throws IOException {
        for (Path jar : List.of(PRODUCTION, LOCAL)) {
            assertThat(entries(jar)).contains("META-INF/sbom/deloton-gateway.cdx.json");
            assertThat(entries(jar))
                    .filteredOn(name -> name.startsWith("META-INF/maven/") && name.endsWith("/pom.properties"))
                    .anyMatch(name -> name.contains("/netty-codec-http/"))
                    .hasSizeGreaterThan(30);
        }
        try (JarFile jar = new JarFile(PRODUCTION.toFile())) {
            String sbom = new String(
                    jar.getInputStream(jar.getEntry("META-INF/sbom/deloton-gateway.cdx.json"))
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            assertThat(sbom).contains("pkg:maven/io.vertx/vertx-core@", "pkg:maven/io.netty/netty-codec-http@");
        }
    }

    @Test
    void productionJarRuns() throws Exception {
        Process help = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        PRODUCTION.toString(),
                        "--help")
                .redirectErrorStream(true)
                .start();
        try (var output = help.inputReader()) {
            assertThat(output.readAllAsString())
                    .contains("Usage: deloton-gateway")
                    .doesNotContain("WARNING");
        }
        assertThat(help.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(help.exitValue()).isZero();
    }

    /** The jar lacks parts of the exporter's library. */
    @Test
    @SuppressWarnings("BanClassLoader")
    void productionJarExportsTraces() throws Exception {
        URL[] jar = {PRODUCTION.toUri().toURL()};
        try (OtlpReceiver receiver = new OtlpReceiver();
                URLClassLoader classes = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
            Object registry = classes.loadClass("io.micrometer.core.instrument.simple.SimpleMeterRegistry")
                    .getConstructor()
                    .newInstance();
            Object config = classes.loadClass("com.deloton.gateway.config.tracing.TracingConfig")
                    .getConstructors()[0]
                    .newInstance(receiver.url(), 1.0, Duration.ofSeconds(30), 16);
            Class<?> type = classes.loadClass("com.deloton.gateway.ops.Tracing");
            Object tracing = type.getMethod(
                            "of",
                            config.getClass(),
                            String.class,
                            classes.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .invoke(null, config, "1", registry);
            Object tracer = type.getMethod("tracer").invoke(tracing);
            Object builder = classes.loadClass("io.opentelemetry.api.trace.Tracer")
                    .getMethod("spanBuilder", String.class)
                    .invoke(tracer, "packed");
            Object span = classes.loadClass("io.opentelemetry.api.trace.SpanBuilder")
                    .getMethod("startSpan")
                    .invoke(builder);
            classes.loadClass("io.opentelemetry.api.trace.Span")
                    .getMethod("end")
                    .invoke(span);
            type.getMethod("close").invoke(tracing);

            IngestFixture.awaitTrue(() -> !receiver.spans().isEmpty());
            assertThat(receiver.spans().getFirst().getName()).isEqualTo("packed");
        }
    }

    @Test
    void localJarRuns() throws Exception {
        try (LocalProcess local = LocalProcess.fromJar(TestServers.freshDirectory(), LOCAL)) {
            assertThat(local.awaitBanner()).doesNotContain("WARN");
            local.probe().leave("packed");
            assertThat(local.probe().records()).containsExactly("packed");
            assertThat(local.stop()).isZero();
        }
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList();
        }
    }
}
