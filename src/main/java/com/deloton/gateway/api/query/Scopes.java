package com.deloton.gateway.api.query;

import com.deloton.gateway.api.Call;
import com.deloton.gateway.api.Refusal;

/** What a caller may see beyond the operation itself. */
public final class Scopes {
    private Scopes() {}

    /** Whether names and other personal data may be in the answer. */
    public static boolean personal(Call call) {
        return call.caller().may("riders:read");
    }

    /** Refuses filters that would tell of personal data to a caller who may not see it. */
    public static void guard(Call call, String... filters) {
        for (String filter : filters) {
            if (call.textOrNull(filter) != null && !personal(call)) {
                throw Refusal.lacksScope("riders:read");
            }
        }
    }
}
