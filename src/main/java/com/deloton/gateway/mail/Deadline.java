package com.deloton.gateway.mail;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A limit on the time of one dialogue: when it expires, it closes the socket, which ends every wait on it. Thread-safe. */
final class Deadline {
    private final Vertx vertx;
    private Duration limit;
    private long timer;
    private @Nullable Socket socket;
    private @Nullable SmtpDialogue dialogue;
    private boolean expired;

    Deadline(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.limit = limit;
        timer = vertx.setTimer(limit.toMillis(), t -> expire());
    }

    /** Closes the socket now if the deadline has expired. */
    synchronized void watch(Socket watched) {
        socket = watched;
        if (expired) {
            close(watched);
        }
    }

    /** Remembers the dialogue, so that the cause of a failure can be read from it. */
    synchronized void start(SmtpDialogue started) {
        dialogue = started;
    }

    synchronized @Nullable SmtpDialogue dialogue() {
        return dialogue;
    }

    /** Sets a new limit from now on; fails if the deadline has expired. */
    synchronized void extend(Duration newLimit) {
        if (expired) {
            throw new IllegalStateException("the deadline has expired");
        }
        vertx.cancelTimer(timer);
        limit = newLimit;
        timer = vertx.setTimer(newLimit.toMillis(), t -> expire());
    }

    synchronized void expire() {
        expired = true;
        vertx.cancelTimer(timer);
        if (socket != null) {
            close(socket);
        }
    }

    synchronized boolean isExpired() {
        return expired;
    }

    /** The limit that is in force, or that expired. */
    synchronized Duration limit() {
        return limit;
    }

    /** Ends the watch; the socket stays open. */
    synchronized void cancel() {
        vertx.cancelTimer(timer);
        socket = null;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // A socket that cannot be closed is not open.
        }
    }
}
