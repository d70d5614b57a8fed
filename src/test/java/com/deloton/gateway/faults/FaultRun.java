package com.deloton.gateway.faults;

import com.deloton.gateway.faults.FaultSchedule.Step;
import com.deloton.gateway.simulate.FleetOptions;
import com.deloton.gateway.simulate.FleetProducer;
import com.deloton.gateway.simulate.model.ExpectedRide;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs a schedule while a fleet rides, and waits after each fault until all that was sent by its end is stored. */
final class FaultRun {
    private static final int BIKES = 40;
    private static final double SPEED = 10;
    /** More than a run can send. */
    private static final int MAX_MESSAGES = 5_000_000;
    /** The fleet rides on for this long after the last fault. */
    private static final Duration LAST_CALM = Duration.ofSeconds(1);

    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(90);
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final FaultSchedule schedule;
    private final Deployment deployment;
    private final List<ExpectedRide> ledger = Collections.synchronizedList(new ArrayList<>());
    private final List<Outcome> outcomes = new ArrayList<>();

    private FaultRun(FaultSchedule schedule, Deployment deployment) {
        this.schedule = schedule;
        this.deployment = deployment;
    }

    /**
     * What a fault did.
     *
     * @param unready how long after its beginning not every gateway was ready any more; null if all stayed ready
     * @param recovery from its end until all that was sent by then was stored
     * @param stop how long a gateway took to end after SIGTERM during the fault; null if none was stopped
     */
    record Outcome(
            Fault fault,
            Duration length,
            @Nullable Duration unready,
            Duration recovery,
            @Nullable Duration stop) {}

    /**
     * Where the time of a run went.
     *
     * @param start until all gateways were ready
     * @param faults until the fleet had sent all
     * @param settle until all was stored, mailed and compared, and the topic changed
     */
    record Times(Duration start, Duration faults, Duration settle) {}

    /** What a run gave. */
    record Result(FaultSchedule schedule, List<Outcome> outcomes, LedgerCheck check, Times times) {
        /** Whether a fault of the run may have caused a mail to be sent again. */
        boolean mayRepeatMails() {
            return outcomes.stream().anyMatch(outcome -> outcome.fault.mayRepeatMails() || outcome.stop != null);
        }

        /** Whether a fault of the run may have caused an event to be posted again. */
        boolean mayRepeatWebhooks() {
            return outcomes.stream().anyMatch(outcome -> outcome.fault.mayRepeatWebhooks() || outcome.stop != null);
        }
    }

    static Result run(FaultSchedule schedule, FaultServers servers) throws Exception {
        long begun = System.nanoTime();
        try (Deployment deployment = new Deployment(schedule.gateways(), servers)) {
            return new FaultRun(schedule, deployment).run(begun);
        }
    }

    private Result run(long begun) throws Exception {
        awaitReady();
        Duration start = since(begun);
        FleetProducer fleet = fleet();
        try {
            fleet.start();
            for (Step step : schedule.steps()) {
                outcomes.add(run(step));
            }
            LockSupport.parkNanos(LAST_CALM.toNanos());
            fleet.stop();
            if (!fleet.awaitEnd(Duration.ofMinutes(3)) || fleet.failed() > 0) {
                throw new IllegalStateException("the fleet has not sent everything; failed: " + fleet.failed());
            }
        } finally {
            fleet.close();
        }
        Duration faults = since(begun).minus(start);
        awaitStored("the end");
        awaitMailed();
        LedgerCheck check = LedgerCheck.of(
                deployment.warehouse(),
                ledger,
                deployment.mail().mails(),
                deployment.refusedMails(),
                deployment.webhooks().accepted());
        if (check.isClean()) {
            schedule.end().apply(deployment);
        }
        Times times = new Times(start, faults, since(begun).minus(start).minus(faults));
        return new Result(schedule, List.copyOf(outcomes), check, times);
    }

    private Outcome run(Step step) throws Exception {
        LockSupport.parkNanos(step.calm().toNanos());
        long begun = System.nanoTime();
        step.fault().begin(deployment);
        Duration stop = step.stops() && step.fault().leavesGatewaysRunning() ? restartLast() : null;
        Duration unready = null;
        while (since(begun).compareTo(step.length()) < 0) {
            if (unready == null
                    && deployment.gateways().ready() < deployment.gateways().count()) {
                unready = since(begun);
            }
            LockSupport.parkNanos(100_000_000);
        }
        step.fault().heal(deployment);
        long healed = System.nanoTime();
        awaitStored(step.fault().name());
        return new Outcome(step.fault(), step.length(), unready, since(healed), stop);
    }

    private Duration restartLast() throws Exception {
        int last = deployment.gateways().count() - 1;
        Duration time = deployment.gateways().stop(last);
        deployment.gateways().start(last);
        return time;
    }

    private void awaitReady() throws Exception {
        long begun = System.nanoTime();
        while (deployment.gateways().ready() < deployment.gateways().count()) {
            failAfterLimit(begun, START_LIMIT, "the start: not every gateway is ready");
            LockSupport.parkNanos(200_000_000);
        }
    }

    /** Waits until all that the topic contains now is stored. */
    private void awaitStored(String when) throws Exception {
        long begun = System.nanoTime();
        Map<Integer, Long> ends = deployment.broker().ends();
        while (!isStored(ends)) {
            failAfterLimit(
                    begun, RECOVERY_LIMIT, "%s: %s is stored of %s".formatted(when, deployment.positions(), ends));
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean isStored(Map<Integer, Long> ends) throws SQLException {
        Map<Integer, Long> positions = deployment.positions();
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
    }

    private void awaitMailed() throws SQLException {
        long begun = System.nanoTime();
        while (deployment.due() > 0) {
            failAfterLimit(begun, RECOVERY_LIMIT, "the end: mails or webhooks are due");
            LockSupport.parkNanos(50_000_000);
        }
    }

    private void failAfterLimit(long begun, Duration limit, String what) {
        if (since(begun).compareTo(limit) > 0) {
            throw new AssertionError("after %s, still %d s later: %s; faults so far: %s%n%s"
                    .formatted(
                            what,
                            limit.toSeconds(),
                            deployment.gateways().states(),
                            outcomes,
                            deployment.gateways().gateway(0).jvm().tail()));
        }
    }

    private FleetProducer fleet() {
        return new FleetProducer(
                Map.of(
                        "bootstrap.servers",
                        deployment.broker().bootstrap(),
                        "delivery.timeout.ms",
                        300_000,
                        "metadata.max.age.ms",
                        500),
                deployment.broker().topic(),
                FleetOptions.defaults()
                        .withSeed(schedule.seed())
                        .withBikes(BIKES)
                        .withSpeed(SPEED)
                        .withStart(Instant.now().minus(Duration.ofHours(2)))
                        .withRideSeconds(45, 80)
                        .withAbnormalHeartRate(0.35)
                        .withMessages(MAX_MESSAGES),
                InstantSource.system(),
                ledger::add);
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
