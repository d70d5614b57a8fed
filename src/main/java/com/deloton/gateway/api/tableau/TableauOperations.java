package com.deloton.gateway.api.tableau;

import com.deloton.gateway.api.request.ApiException;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.api.request.Operations;
import com.deloton.gateway.tableau.TableauFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** The operations below {@code /tableau}. */
public final class TableauOperations implements Operations {
    private final Vertx vertx;
    private final TableauFiles files;

    public TableauOperations(Vertx vertx, TableauFiles files) {
        this.vertx = vertx;
        this.files = files;
    }

    @Override
    public Map<String, Operation> byId() {
        return Map.of("getTableauFile", this::get);
    }

    private Future<ApiResponse> get(ApiRequest request) {
        String name = request.text("file");
        return vertx.executeBlocking(
                        () -> files.file(name).orElseThrow(() -> ApiException.notFound("The file " + name)), false)
                .map(file -> ApiResponse.of(200, TableauFiles.MEDIA_TYPE, Buffer.buffer(file))
                        .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\""));
    }
}
