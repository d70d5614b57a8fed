package com.deloton.gateway.ops;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The JSON of health checks. */
public final class Health {
    private Health() {}

    /** The data of a check's status: {@code Status.KO(Health.reason("…"))}. */
    public static JsonObject reason(String reason) {
        return new JsonObject().put("reason", reason);
    }

    /** {@code {"status": "UP", "checks": [{"name": "database", "status": "UP", "reason": "…"}]}}, sorted by name. */
    public static JsonObject json(CheckResult result) {
        List<JsonObject> checks = new ArrayList<>();
        collect("", result, checks);
        checks.sort(Comparator.comparing(check -> check.getString("name")));
        return new JsonObject().put("status", status(CheckResult.isUp(result))).put("checks", new JsonArray(checks));
    }

    public static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static void collect(String prefix, CheckResult result, List<JsonObject> into) {
        if (result.getChecks() != null) {
            String below = result.getId() == null ? prefix : prefix + result.getId() + "/";
            result.getChecks().forEach(check -> collect(below, check, into));
            return;
        }
        JsonObject json =
                new JsonObject().put("name", prefix + result.getId()).put("status", status(CheckResult.isUp(result)));
        String reason = reasonOf(result);
        into.add(reason.isEmpty() ? json : json.put("reason", reason));
    }

    private static String reasonOf(CheckResult result) {
        Status status = result.getStatus();
        Throwable failure = result.getFailure();
        String reason = status == null || status.getData() == null
                ? null
                : status.getData().getString("reason", status.getData().getString("cause"));
        if (reason == null && failure != null) {
            reason = failure.getMessage();
        }
        return "Timeout".equals(reason) ? "timed out" : Objects.requireNonNullElse(reason, "");
    }
}
