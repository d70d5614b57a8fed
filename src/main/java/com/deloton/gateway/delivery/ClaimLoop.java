package com.deloton.gateway.delivery;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Claims due deliveries and sends them, a limited number at once, until no more are due. A claim gives a delivery to one
 * gateway until its lease has passed; any number of gateways share the work. Confined to one event loop.
 *
 * @param <T> a claimed delivery
 */
public final class ClaimLoop<T> {
    private final int maxInFlight;
    private final IntFunction<Future<List<T>>> claim;
    private final Function<T, ?> key;
    private final Function<T, Future<Void>> send;
    private final FaultLog database;
    private final Set<Object> inFlight = new HashSet<>();
    private final Promise<Void> idle = Promise.promise();
    private boolean claiming;
    private boolean claimAgain;
    private boolean stopping;

    /**
     * Creates an idle loop.
     *
     * @param claim claims up to the given number of due deliveries
     * @param key the identity of a delivery, the same at each attempt
     * @param send sends one; completes when the result is stored
     * @param database reports failed claims
     */
    public ClaimLoop(
            int maxInFlight,
            IntFunction<Future<List<T>>> claim,
            Function<T, ?> key,
            Function<T, Future<Void>> send,
            FaultLog database) {
        this.maxInFlight = maxInFlight;
        this.claim = claim;
        this.key = key;
        this.send = send;
        this.database = database;
    }

    /** Claims as many as can be sent at once; repeats until no more are due. */
    public void claimDue() {
        int free = maxInFlight - inFlight.size();
        if (claiming || stopping || free <= 0) {
            claimAgain = claiming;
            return;
        }
        claiming = true;
        claim.apply(free)
                .onSuccess(claimed -> {
                    database.succeeded();
                    claimed.forEach(this::deliver);
                    claimAgain |= claimed.size() == free;
                })
                .onFailure(this::databaseFailed)
                .onComplete(done -> {
                    claiming = false;
                    if (claimAgain && done.succeeded()) {
                        claimAgain = false;
                        claimDue();
                    }
                });
    }

    private void deliver(T delivery) {
        Object slot = key.apply(delivery);
        if (!inFlight.add(slot)) {
            return;
        }
        Future.succeededFuture().compose(v -> send.apply(delivery)).onComplete(done -> {
            inFlight.remove(slot);
            if (stopping && inFlight.isEmpty()) {
                idle.tryComplete();
            }
            claimDue();
        });
    }

    /** Reports a failure of the database, unless the loop is stopping. */
    public void databaseFailed(Throwable failure) {
        if (!stopping) {
            database.failed(failure);
        }
    }

    /** How many deliveries are being sent. */
    public int inFlight() {
        return inFlight.size();
    }

    /** Claims nothing more; completes when nothing is being sent. */
    public Future<Void> stop() {
        stopping = true;
        if (inFlight.isEmpty()) {
            idle.tryComplete();
        }
        return idle.future();
    }
}
