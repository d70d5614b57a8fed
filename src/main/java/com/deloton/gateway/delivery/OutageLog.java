package com.deloton.gateway.delivery;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Logs the first and the last failure of an outage, and counts those between. Thread-safe. */
public final class OutageLog {
    private final Logger log;
    private final String system;
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable String reason;

    /**
     * A log without an outage.
     *
     * @param system subject of the log lines, for example {@code "Alerts: the database"}
     */
    public OutageLog(Logger log, String system) {
        this.log = log;
        this.system = system;
    }

    public void failed(Throwable failure) {
        failed(String.valueOf(failure.getMessage()));
    }

    public void failed(String text) {
        reason = text;
        if (failures.getAndIncrement() == 0) {
            log.error("{} failed, retrying: {}", system, text);
        }
    }

    public void succeeded() {
        long count = failures.getAndSet(0);
        reason = null;
        if (count > 0) {
            log.info("{} works again after {} failures", system, count);
        }
    }

    /** The latest failure's text; null while there is no outage. */
    public @Nullable String reason() {
        return reason;
    }
}
