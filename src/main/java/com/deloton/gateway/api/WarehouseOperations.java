package com.deloton.gateway.api;

import com.deloton.gateway.api.alerts.AlertAcknowledgements;
import com.deloton.gateway.api.alerts.AlertOperations;
import com.deloton.gateway.api.alerts.AlertPolicies;
import com.deloton.gateway.api.alerts.RiderAnswers;
import com.deloton.gateway.api.alerts.SilenceOperations;
import com.deloton.gateway.api.bikes.BikeOperations;
import com.deloton.gateway.api.days.DayOperations;
import com.deloton.gateway.api.quarantine.QuarantineOperations;
import com.deloton.gateway.api.query.Queries;
import com.deloton.gateway.api.reports.ReportOperations;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.api.riders.AlertSettings;
import com.deloton.gateway.api.riders.OwnData;
import com.deloton.gateway.api.riders.RiderErasure;
import com.deloton.gateway.api.riders.RiderExport;
import com.deloton.gateway.api.riders.RiderOperations;
import com.deloton.gateway.api.rides.RideOperations;
import com.deloton.gateway.api.status.StatusOperations;
import com.deloton.gateway.api.tableau.TableauOperations;
import com.deloton.gateway.api.walls.WallTokenOperations;
import com.deloton.gateway.api.webhooks.WebhookOperations;
import com.deloton.gateway.ride.heartrate.HeartRatePolicy;
import com.deloton.gateway.tableau.TableauFiles;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All operations of {@code openapi.yaml}. Safe for use by several event loops. */
public final class WarehouseOperations implements Operations {
    private final Map<String, Operation> operationsById;

    /**
     * The operations on a warehouse.
     *
     * @param pool with a statement timeout
     * @param policy the settings of {@code heart-rate.*}
     * @param reportZone the daily reports are about calendar days of this zone
     * @param tableau the analysts' files
     * @param clock for {@code today}
     * @param status of this process
     */
    public WarehouseOperations(
            Vertx vertx,
            Pool pool,
            HeartRatePolicy policy,
            ZoneId reportZone,
            TableauFiles tableau,
            InstantSource clock,
            StatusOperations status) {
        this(vertx, new Queries(pool), policy, reportZone, tableau, clock, status);
    }

    WarehouseOperations(
            Vertx vertx,
            Queries queries,
            HeartRatePolicy policy,
            ZoneId reportZone,
            TableauFiles tableau,
            InstantSource clock,
            StatusOperations status) {
        Map<String, Operation> operations = new HashMap<>();
        List.of(
                        new RideOperations(vertx, queries, clock),
                        new RiderOperations(queries, clock),
                        new AlertSettings(queries),
                        new RiderExport(vertx, queries, clock),
                        new RiderErasure(vertx, queries),
                        new DayOperations(queries, clock),
                        new AlertOperations(queries, clock),
                        new AlertAcknowledgements(queries),
                        new RiderAnswers(queries),
                        new SilenceOperations(queries, clock),
                        new AlertPolicies(vertx, queries, policy, clock),
                        new QuarantineOperations(queries, clock),
                        new BikeOperations(queries),
                        new WebhookOperations(queries),
                        new WallTokenOperations(queries),
                        new ReportOperations(vertx, queries, reportZone, clock),
                        new TableauOperations(vertx, tableau),
                        status)
                .forEach(part -> operations.putAll(part.byId()));
        OwnData ownData = new OwnData(queries);
        operations.replaceAll(ownData::guard);
        operationsById = Map.copyOf(operations);
    }

    @Override
    public Map<String, Operation> byId() {
        return operationsById;
    }
}
