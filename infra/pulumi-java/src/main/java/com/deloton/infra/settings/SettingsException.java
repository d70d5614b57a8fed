package com.deloton.infra.settings;

import java.util.List;

/** All errors of a stack's configuration, one line each. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SettingsException(List<String> faults) {
        super("The stack's configuration has faults:\n  " + String.join("\n  ", faults));
    }
}
