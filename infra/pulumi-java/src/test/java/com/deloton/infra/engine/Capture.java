package com.deloton.infra.engine;

import com.deloton.infra.GatewayStack;
import com.pulumi.resources.Resource;
import com.pulumi.test.EmptyMocks;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.TestResult;
import com.pulumi.test.internal.MockMonitor;
import com.pulumi.test.internal.PulumiTestInternal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import pulumirpc.Resource.RegisterResourceRequest;
import pulumirpc.Resource.RegisterResourceResponse;
import pulumirpc.Resource.ResourceInvokeRequest;
import pulumirpc.Resource.ResourceInvokeResponse;
import pulumirpc.Resource.SupportsFeatureRequest;
import pulumirpc.Resource.SupportsFeatureResponse;

/** Runs the program in this JVM under Pulumi's test harness, with the requests recorded as they go over the wire. */
public record Capture(List<Step> steps, TestResult result) {

    public static Capture of(StackConfig config) {
        Recorder recorder = new Recorder(config.stack());
        try {
            TestResult result = PulumiTestInternal.builder()
                    .options(TestOptions.builder()
                            .projectName("deloton")
                            .stackName(config.stack())
                            .build())
                    .mocks(new EmptyMocks())
                    .config(config.values(), config.secretKeys())
                    .monitorDecorator(base -> new RecordingMonitor(recorder))
                    .build()
                    .runTest(GatewayStack::define);
            return new Capture(recorder.steps(), result);
        } finally {
            PulumiTest.cleanup();
        }
    }

    private static final class RecordingMonitor extends MockMonitor {
        private final Recorder recorder;

        RecordingMonitor(Recorder recorder) {
            super(new EmptyMocks(), PulumiTestInternal.mockLog());
            this.recorder = recorder;
        }

        @Override
        public CompletableFuture<SupportsFeatureResponse> supportsFeatureAsync(SupportsFeatureRequest request) {
            return CompletableFuture.completedFuture(
                    SupportsFeatureResponse.newBuilder().setHasSupport(true).build());
        }

        @Override
        public CompletableFuture<ResourceInvokeResponse> invokeAsync(ResourceInvokeRequest request) {
            return CompletableFuture.completedFuture(ResourceInvokeResponse.newBuilder()
                    .setReturn(Recorder.invoke(request))
                    .build());
        }

        @Override
        public CompletableFuture<RegisterResourceResponse> registerResourceAsync(
                Resource resource, RegisterResourceRequest request) {
            return CompletableFuture.completedFuture(recorder.register(request));
        }
    }
}
