package com.deloton.gateway.ops;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.concurrent.atomic.AtomicReference;

/** The stage of the process between start and stop. Safe for use by any thread. */
public final class Lifecycle {

    /** The stages; only {@code RUNNING} is ready. */
    public enum Stage {
        STARTING,
        RUNNING,
        DRAINING,
        FAILED
    }

    private record State(Stage stage, String reason) {}

    private final AtomicReference<State> current = new AtomicReference<>(new State(Stage.STARTING, "starting"));

    public void run() {
        current.updateAndGet(state -> state.stage() == Stage.STARTING ? new State(Stage.RUNNING, "running") : state);
    }

    public void drain() {
        current.set(new State(Stage.DRAINING, "stopping: finishing running work"));
    }

    /** For a failure that only a restart can fix: the process is neither ready nor alive. Ignored while draining. */
    public void fail(String reason) {
        current.updateAndGet(state -> state.stage() == Stage.DRAINING ? state : new State(Stage.FAILED, reason));
    }

    public Stage stage() {
        return current.get().stage();
    }

    public boolean isAlive() {
        return stage() != Stage.FAILED;
    }

    /** A health check. */
    public Status status() {
        State state = current.get();
        JsonObject reason = Health.reason(state.reason());
        return state.stage() == Stage.RUNNING ? Status.OK(reason) : Status.KO(reason);
    }
}
