package com.deloton.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.infra.engine.OfflineEngine;
import com.deloton.infra.engine.StackConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the real program under the offline engine. Rewrite the plans with {@code -Dplans.update=true}. */
class GoldenPlanTest {
    @ParameterizedTest
    @ValueSource(strings = {"account", "dev", "staging", "prod", "existing"})
    void thePlanIsTheReviewedOne(String stack) throws Exception {
        String plan = Plan.of(stack, OfflineEngine.run(StackConfig.of(stack), Main.class.getName()));
        Files.writeString(
                Files.createDirectories(Path.of("target", "plans", stack)).resolve("plan-offline.json"), plan);

        Path golden = Path.of("plans", stack + ".json");
        if (Boolean.getBoolean("plans.update")) {
            Files.writeString(Files.createDirectories(golden.getParent()).resolve(golden.getFileName()), plan);
        }
        assertThat(plan).doesNotContain("cleartext").isEqualTo(Files.readString(golden));
    }
}
