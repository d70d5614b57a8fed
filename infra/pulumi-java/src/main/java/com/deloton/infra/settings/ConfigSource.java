package com.deloton.infra.settings;

import com.pulumi.core.Output;
import java.util.Optional;

/** Where settings come from: one namespace of a stack's configuration. */
public interface ConfigSource {
    Optional<String> get(String key);

    /** Empty when the key is not set; never in clear in the plan. */
    Output<Optional<String>> getSecret(String key);
}
