package com.deloton.gateway.ops;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON of health checks. */
public final class Health {
    private Health() {}

    /** The data of a check's status: {@code Status.KO(Health.reason("…"))}. */
    public static JsonObject reason(String reason) {
        return new JsonObject().put("reason", reason);
    }

    /**
     * {@code {"status": "UP", "checks": [{"name": "ingest-1", "status": "DOWN", "reason": "…", "data": {"lag": 3}}]}}, by
     * name; {@code data} is what the check adds to its reason.
     */
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
        if (!reason.isEmpty()) {
            json.put("reason", reason);
        }
        JsonObject data = data(result.getStatus());
        into.add(data.isEmpty() ? json : json.put("data", data));
    }

    private static JsonObject data(@Nullable Status status) {
        JsonObject data = status == null || status.getData() == null
                ? new JsonObject()
                : status.getData().copy();
        data.remove("reason");
        data.remove("cause");
        data.remove("procedure-execution-failure");
        return data;
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
