package com.deloton.gateway.ops;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of the process, which stop in the reverse order of their start. Safe for use by any thread. */
public final class Deployments {
    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);
    private static final long UNDEPLOY_TIMEOUT_MS = 6_000;

    private final Vertx vertx;
    private final Deque<String> newestFirst = new ArrayDeque<>();

    public Deployments(Vertx vertx) {
        this.vertx = vertx;
    }

    public Future<String> deploy(Supplier<? extends Deployable> verticle, DeploymentOptions options) {
        return vertx.deployVerticle(verticle, options).onSuccess(id -> {
            synchronized (newestFirst) {
                newestFirst.push(id);
            }
        });
    }

    /**
     * Blocks until all verticles have stopped, at most six seconds for all together: one that waits for a silent server
     * does not hold up the process.
     */
    public void undeploy() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(UNDEPLOY_TIMEOUT_MS);
        List<String> ids;
        synchronized (newestFirst) {
            ids = List.copyOf(newestFirst);
        }
        for (String id : ids) {
            try {
                vertx.undeploy(id).await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOG.warn(
                        "A verticle did not stop within {} ms; its unstored data will be read again",
                        UNDEPLOY_TIMEOUT_MS);
            } catch (Exception e) {
                LOG.error("a verticle failed to stop", e);
            }
        }
    }
}
