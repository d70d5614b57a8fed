package com.deloton.gateway.api.query;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the members of a JSON object go, in their order. */
public interface Members {

    /** Leaves out null; rounds to 0.001; times and dates become text. */
    Members put(String name, @Nullable Object value);

    /** A member that is an object. */
    Members putObject(String name, Consumer<Members> members);
}
