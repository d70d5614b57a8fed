package com.deloton.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.LiveConfig;
import com.deloton.gateway.live.ViewerRegistry.Refusal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ViewerRegistryTest {
    private static final LiveConfig LIMITS =
            new LiveConfig(Duration.ofMillis(500), 10, 3, 5, Duration.ofSeconds(30), List.of(), null, null);

    private final ViewerRegistry registry = new ViewerRegistry(new SimpleMeterRegistry());

    @Test
    void admitsUpToTheLimitsOfSubjectAddressAndProcess() {
        for (int i = 0; i < 3; i++) {
            assertThat(registry.connect("ann", "10.0.0.1", LIMITS)).isNull();
        }
        assertThat(registry.connect("ann", "10.0.0.2", LIMITS)).isEqualTo(Refusal.SUBJECT_FULL);
        assertThat(registry.connect("bob", "10.0.0.1", LIMITS)).isNull();
        assertThat(registry.connect("cem", "10.0.0.1", LIMITS)).isNull();
        assertThat(registry.connect("dot", "10.0.0.1", LIMITS)).isEqualTo(Refusal.ADDRESS_FULL);
        for (int i = 0; i < 5; i++) {
            assertThat(registry.connect("s" + i, "10.0.1." + i, LIMITS)).isNull();
        }
        assertThat(registry.connect("eve", "10.0.0.9", LIMITS)).isEqualTo(Refusal.PROCESS_FULL);
        assertThat(registry.viewers()).isEqualTo(10);

        registry.disconnected("ann", "10.0.0.1");
        assertThat(registry.refusal("ann", "10.0.0.1", LIMITS)).isNull();
    }

    @Test
    void theLimitHoldsWhenManyConnectAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> attempts = IntStream.range(0, 1_000)
                    .mapToObj(i -> (Callable<Boolean>) () -> registry.connect("s" + i, "10.1." + i, LIMITS) == null)
                    .toList();
            long admitted = 0;
            for (var attempt : threads.invokeAll(attempts)) {
                admitted += attempt.get() ? 1 : 0;
            }

            assertThat(admitted).isEqualTo(10);
            assertThat(registry.viewers()).isEqualTo(10);
        }
    }
}
