package com.deloton.gateway.ops;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs a lasting fault without flooding the log: once when it begins, a count once a minute while it lasts, and once
 * when it has ended, even if the messages of the single failures differ. Thread-safe.
 */
public final class FaultLog {
    private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final String activity;
    private volatile @Nullable String reason;
    private long failures;
    private long beganAt;
    private long loggedAt;

    /**
     * @param activity what may fail, such as {@code "Writing to the database"}
     */
    public FaultLog(Logger log, String activity) {
        this.log = log;
        this.activity = activity;
    }

    /** Why the last attempt failed; null while attempts succeed. */
    public @Nullable String reason() {
        return reason;
    }

    /** Logs only the message of the failure. */
    public void failed(Throwable failure) {
        failed(String.valueOf(failure.getMessage()));
    }

    public void failed(String newReason) {
        failed(newReason, null);
    }

    /**
     * Counts a failure and logs the first one and then one in a while.
     *
     * @param failure logged with its stack trace when the fault begins
     */
    public synchronized void failed(String newReason, @Nullable Throwable failure) {
        long now = System.nanoTime();
        failures++;
        if (reason == null) {
            beganAt = now;
            loggedAt = now;
            log.error("{} fails: {}", activity, newReason, failure);
        } else if (now - loggedAt >= REPEAT_NANOS) {
            loggedAt = now;
            log.error(
                    "{} still fails after {} attempts in {} s, last reason: {}",
                    activity,
                    failures,
                    seconds(now - beganAt),
                    newReason);
        }
        reason = newReason;
    }

    /** Takes no lock while there is no fault. */
    public void succeeded() {
        if (reason != null) {
            end();
        }
    }

    private synchronized void end() {
        if (reason != null) {
            log.info(
                    "{} works again after {} failed attempts in {} s",
                    activity,
                    failures,
                    seconds(System.nanoTime() - beganAt));
            reason = null;
            failures = 0;
        }
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds();
    }
}
