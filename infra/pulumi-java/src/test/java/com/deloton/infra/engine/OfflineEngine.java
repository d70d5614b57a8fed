package com.deloton.infra.engine;

import com.google.gson.Gson;
import com.google.protobuf.Empty;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import pulumirpc.EngineGrpc;
import pulumirpc.EngineOuterClass.GetRootResourceRequest;
import pulumirpc.EngineOuterClass.GetRootResourceResponse;
import pulumirpc.EngineOuterClass.LogRequest;
import pulumirpc.EngineOuterClass.SetRootResourceRequest;
import pulumirpc.EngineOuterClass.SetRootResourceResponse;
import pulumirpc.Resource.RegisterResourceOutputsRequest;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import pulumirpc.Resource.ResourceInvokeResponse;
import pulumirpc.Resource.SupportsFeatureRequest;
import pulumirpc.Resource.SupportsFeatureResponse;
import pulumirpc.ResourceMonitorGrpc;

/**
 * Stands in for Pulumi's engine on the loopback interface and runs the real main class as a separate process. It
 * neither checks a value nor creates anything.
 */
public final class OfflineEngine {
    /** Generous, for a busy machine; a quiet one needs about ten. */
    private static final int SECONDS = 600;

    private final Recorder recorder;
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

    private OfflineEngine(String stack) {
        this.recorder = new Recorder(stack);
    }

    public static List<Step> run(StackConfig config, String mainClass) throws IOException, InterruptedException {
        return new OfflineEngine(config.stack()).steps(config, mainClass);
    }

    private List<Step> steps(StackConfig config, String mainClass) throws IOException, InterruptedException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Monitor())
                .addService(new Engine())
                .build()
                .start();
        try {
            Path output = Files.createTempFile("program", ".log");
            Process program = start(config, mainClass, "127.0.0.1:" + server.getPort(), output);
            if (!program.waitFor(SECONDS, TimeUnit.SECONDS)) {
                program.destroyForcibly();
                throw new IllegalStateException("The program did not end within " + SECONDS + " s");
            }
            if (program.exitValue() != 0 || !errors.isEmpty()) {
                throw new IllegalStateException("The program ended with " + program.exitValue() + "\n"
                        + String.join("\n", errors) + "\n" + Files.readString(output));
            }
            return recorder.steps();
        } finally {
            server.shutdownNow();
        }
    }

    private static Process start(StackConfig config, String mainClass, String address, Path output) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass);
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PULUMI_MONITOR",
                        address,
                        "PULUMI_ENGINE",
                        address,
                        "PULUMI_ORGANIZATION",
                        "offline",
                        "PULUMI_PROJECT",
                        "deloton",
                        "PULUMI_STACK",
                        config.stack(),
                        "PULUMI_ROOT_DIRECTORY",
                        Path.of("").toAbsolutePath().toString(),
                        "PULUMI_DRY_RUN",
                        "false",
                        "PULUMI_CONFIG",
                        new Gson().toJson(config.values()),
                        "PULUMI_CONFIG_SECRET_KEYS",
                        new Gson().toJson(config.secretKeys())));
        return builder.start();
    }

    private <T> void answer(StreamObserver<T> observer, Supplier<T> reply) {
        try {
            observer.onNext(reply.get());
            observer.onCompleted();
        } catch (RuntimeException e) {
            errors.add(e.toString());
            observer.onError(
                    io.grpc.Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        }
    }

    private final class Monitor extends ResourceMonitorGrpc.ResourceMonitorImplBase {
        @Override
        public void supportsFeature(SupportsFeatureRequest request, StreamObserver<SupportsFeatureResponse> observer) {
            boolean known = List.of("secrets", "resourceReferences").contains(request.getId());
            answer(
                    observer,
                    () -> SupportsFeatureResponse.newBuilder()
                            .setHasSupport(known)
                            .build());
        }

        @Override
        public void invoke(ResourceInvokeRequest request, StreamObserver<ResourceInvokeResponse> observer) {
            answer(
                    observer,
                    () -> ResourceInvokeResponse.newBuilder()
                            .setReturn(Recorder.invoke(request))
                            .build());
        }

        @Override
        public void registerResource(
                RegisterResourceRequest request, StreamObserver<RegisterResourceResponse> observer) {
            answer(observer, () -> recorder.register(request));
        }

        @Override
        public void registerResourceOutputs(RegisterResourceOutputsRequest request, StreamObserver<Empty> observer) {
            answer(observer, Empty::getDefaultInstance);
        }

        @Override
        public void signalAndWaitForShutdown(Empty request, StreamObserver<Empty> observer) {
            answer(observer, Empty::getDefaultInstance);
        }
    }

    private final class Engine extends EngineGrpc.EngineImplBase {
        @Override
        public void log(LogRequest request, StreamObserver<Empty> observer) {
            if (request.getSeverity() == pulumirpc.EngineOuterClass.LogSeverity.ERROR) {
                errors.add(request.getMessage());
            }
            answer(observer, Empty::getDefaultInstance);
        }

        @Override
        public void getRootResource(GetRootResourceRequest request, StreamObserver<GetRootResourceResponse> observer) {
            answer(observer, GetRootResourceResponse::getDefaultInstance);
        }

        @Override
        public void setRootResource(SetRootResourceRequest request, StreamObserver<SetRootResourceResponse> observer) {
            answer(observer, SetRootResourceResponse::getDefaultInstance);
        }
    }
}
