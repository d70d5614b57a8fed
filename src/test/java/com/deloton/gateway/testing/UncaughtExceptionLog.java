package com.deloton.gateway.testing;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.LoggerFactory;

/** Sends exceptions that end a thread, as those of embedded servers when a client breaks off, to the log of the tests. */
public final class UncaughtExceptionLog implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, exception) -> LoggerFactory.getLogger(UncaughtExceptionLog.class)
                        .warn("thread {} ended with an exception", thread.getName(), exception));
    }
}
