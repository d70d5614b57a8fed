package com.deloton.gateway.ops;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs a lasting fault without flooding the log: once when it begins, a count once a minute while it lasts, and once
 * when it has ended, even if the messages of the single failures differ. Of faults that begin and end again and again, the
 * first {@value #MAX_BEGINNINGS} of a minute are logged. Thread-safe.
 */
public final class FaultLog {
    static final int MAX_BEGINNINGS = 5;
    private static final long REPEAT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final String activity;
    private final LongSupplier nanoTime;
    private volatile @Nullable String reason;
    private long failures;
    private long beganAt;
    private long loggedAt;
    private boolean logged;
    private long minuteAt;
    private int beginnings;
    private long unlogged;

    /**
     * @param activity what may fail, such as {@code "Writing to the database"}
     */
    public FaultLog(Logger log, String activity) {
        this(log, activity, System::nanoTime);
    }

    FaultLog(Logger log, String activity, LongSupplier nanoTime) {
        this.log = log;
        this.activity = activity;
        this.nanoTime = nanoTime;
        minuteAt = nanoTime.getAsLong();
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
        long now = nanoTime.getAsLong();
        failures++;
        if (reason == null) {
            begin(now, newReason, failure);
        } else if (now - loggedAt >= REPEAT_NANOS) {
            logged = true;
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

    private void begin(long now, String newReason, @Nullable Throwable failure) {
        beganAt = now;
        loggedAt = now;
        if (now - minuteAt >= REPEAT_NANOS) {
            minuteAt = now;
            beginnings = 0;
        }
        logged = ++beginnings <= MAX_BEGINNINGS;
        if (!logged) {
            unlogged++;
        } else if (unlogged == 0) {
            log.error("{} fails: {}", activity, newReason, failure);
        } else {
            log.error("{} fails, as it did {} times in between: {}", activity, unlogged, newReason, failure);
            unlogged = 0;
        }
    }

    /** Takes no lock while there is no fault. */
    public void succeeded() {
        if (reason != null) {
            end();
        }
    }

    private synchronized void end() {
        if (reason != null) {
            if (logged) {
                log.info(
                        "{} works again after {} failed attempts in {} s",
                        activity,
                        failures,
                        seconds(nanoTime.getAsLong() - beganAt));
            }
            reason = null;
            failures = 0;
        }
    }

    private static long seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds();
    }
}
