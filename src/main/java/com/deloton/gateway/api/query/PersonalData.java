package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.auth.Scope;

/** What a caller may see beyond the operation itself. */
public final class PersonalData {
    private PersonalData() {}

    /** Whether names and other personal data may be in the answer. */
    public static boolean personal(ApiRequest call) {
        return call.caller().may(Scope.RIDERS_READ);
    }

    /** Refuses filters that would tell of personal data to a caller who may not see it. */
    public static void guard(ApiRequest call, String... filters) {
        for (String filter : filters) {
            if (call.textOrNull(filter) != null && !personal(call)) {
                throw ApiException.lacksScope(Scope.RIDERS_READ);
            }
        }
    }
}
