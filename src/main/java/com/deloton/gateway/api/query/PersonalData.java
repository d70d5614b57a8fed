package com.deloton.gateway.api.query;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.auth.Scope;

/** Who may see and filter by personal data. */
public final class PersonalData {
    private PersonalData() {}

    /** Whether the response may contain names and other personal data; riders see their own, and no other rider's. */
    public static boolean isVisibleTo(ApiRequest request) {
        return request.caller().hasScope(Scope.RIDERS_READ) || request.caller().confinedTo() != null;
    }

    /** Throws if the request filters by personal data that its caller may not see. */
    public static void requireScopeForFilters(ApiRequest request, String... filters) {
        for (String filter : filters) {
            if (request.textOrNull(filter) != null && !isVisibleTo(request)) {
                throw ApiException.missingScope(Scope.RIDERS_READ);
            }
        }
    }
}
