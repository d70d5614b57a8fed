package com.deloton.gateway.ops;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of every process, whatever its roles: its stage, the database and the schema. */
public final class ProcessChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessChecks.class);
    private static final long DATABASE_TIMEOUT_MS = 2_000;

    private ProcessChecks() {}

    /**
     * Registers the checks, and counts exceptions without a handler; an {@link Error} among them fails the process.
     *
     * @param schema version of the schema
     * @param clockOffset of the database's clock to that of the process
     */
    public static void register(
            Vertx vertx, ProcessResources resources, Supplier<String> schema, Supplier<Duration> clockOffset) {
        resources
                .readiness()
                .register(
                        "gateway",
                        check -> check.tryComplete(resources.lifecycle().status()))
                .register("database", DATABASE_TIMEOUT_MS, check -> database(resources.pool(), clockOffset, check))
                .register("schema", check -> check.tryComplete(Status.OK(Health.reason("version " + schema.get()))));
        Counter uncaught = Counter.builder("deloton.uncaught.exceptions")
                .description("Exceptions without a handler (bugs)")
                .register(resources.registry());
        vertx.exceptionHandler(failure -> {
            uncaught.increment();
            LOG.error("uncaught exception", failure);
            if (failure instanceof Error) {
                resources.lifecycle().fail("failed with " + failure + " and must be restarted");
            }
        });
    }

    private static void database(Pool pool, Supplier<Duration> clockOffset, Promise<Status> check) {
        pool.query("SELECT current_setting('transaction_read_only')")
                .execute()
                .onSuccess(rows -> check.tryComplete(
                        "on".equals(rows.iterator().next().getString(0))
                                ? Status.KO(Health.reason("the session is read-only; is the server a standby?"))
                                : Status.OK(new JsonObject()
                                        .put("clockOffsetS", clockOffset.get().toSeconds()))))
                .onFailure(
                        failure -> check.tryComplete(Status.KO(Health.reason(String.valueOf(failure.getMessage())))));
    }
}
