package com.deloton.gateway.doctor;

import com.deloton.gateway.config.GatewayConfig;
import com.deloton.gateway.config.GatewayConfig.Role;
import com.deloton.gateway.config.MailConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Checks the servers that a configuration names, concurrently, each within a time limit. Changes nothing. */
public final class Doctor {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(20);

    private final Map<String, Callable<List<Finding>>> checks = new LinkedHashMap<>();
    private final Duration timeLimit;

    public Doctor(GatewayConfig config, InstantSource clock) {
        this(TIME_LIMIT);
        checks.put(
                "broker",
                new BrokerCheck(config.kafka(), config.ingest(), config.live().fleetTopic()));
        checks.put("database", new DatabaseCheck(config, clock));
        MailConfig mail = config.mail();
        if (mail != null
                && (config.roles().contains(Role.ALERT) || config.roles().contains(Role.REPORT))) {
            checks.put("mail", new MailCheck(mail));
        }
    }

    private Doctor(Duration timeLimit) {
        this.timeLimit = timeLimit;
    }

    /** A doctor with other checks, by subject. */
    static Doctor of(Map<String, Callable<List<Finding>>> checks, Duration timeLimit) {
        Doctor doctor = new Doctor(timeLimit);
        doctor.checks.putAll(checks);
        return doctor;
    }

    /** Returns when every check has ended or its time is up. */
    public List<Finding> examine() throws InterruptedException {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("doctor").daemon().factory());
        try {
            Map<String, Future<List<Finding>>> running = new LinkedHashMap<>();
            checks.forEach((subject, check) -> running.put(subject, threads.submit(check)));
            long deadline = System.nanoTime() + timeLimit.toNanos();
            List<Finding> findings = new ArrayList<>();
            for (Map.Entry<String, Future<List<Finding>>> check : running.entrySet()) {
                findings.addAll(await(check.getKey(), check.getValue(), deadline));
            }
            return findings;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Finding> await(String subject, Future<List<Finding>> check, long deadline)
            throws InterruptedException {
        try {
            return check.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return List.of(Finding.fail(
                    subject,
                    "no answer within %d s; check the address and the network".formatted(timeLimit.toSeconds())));
        } catch (ExecutionException e) {
            return List.of(Finding.fail(subject, "the check failed: " + reason(e)));
        }
    }

    /** The message of the innermost cause. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        if (message != null) {
            return message.strip();
        }
        return root.getClass().getSimpleName().equals("TimeoutException")
                ? "no answer in time"
                : root.getClass().getSimpleName();
    }
}
