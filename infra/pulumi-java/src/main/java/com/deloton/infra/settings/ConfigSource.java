package com.deloton.infra.settings;

import com.pulumi.core.Output;
import java.util.Optional;

/** The source of settings: one namespace of a stack's configuration. */
public interface ConfigSource {
    Optional<String> get(String key);

    /** Empty if the key is not set. The plan shows it as a secret. */
    Output<Optional<String>> getSecret(String key);
}
