package com.deloton.gateway.ops;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.concurrent.atomic.AtomicReference;

/** Where the process is between start and stop. Safe for use by any thread. */
public final class Lifecycle {

    /** The stages; only {@code RUNNING} is ready. */
    public enum Stage {
        STARTING,
        RUNNING,
        DRAINING,
        FAILED
    }

    private record Moment(Stage stage, String reason) {}

    private final AtomicReference<Moment> now = new AtomicReference<>(new Moment(Stage.STARTING, "starting"));

    public void run() {
        now.updateAndGet(moment -> moment.stage() == Stage.STARTING ? new Moment(Stage.RUNNING, "running") : moment);
    }

    public void drain() {
        now.set(new Moment(Stage.DRAINING, "stopping, finishing what has begun"));
    }

    /** For what only a restart can mend; the process stops being ready and alive. Ignored once it drains. */
    public void fail(String reason) {
        now.updateAndGet(moment -> moment.stage() == Stage.DRAINING ? moment : new Moment(Stage.FAILED, reason));
    }

    public Stage stage() {
        return now.get().stage();
    }

    public boolean isAlive() {
        return stage() != Stage.FAILED;
    }

    /** A health check. */
    public Status status() {
        Moment moment = now.get();
        JsonObject reason = Health.reason(moment.reason());
        return moment.stage() == Stage.RUNNING ? Status.OK(reason) : Status.KO(reason);
    }
}
