package com.deloton.gateway.api.operations;

import com.deloton.gateway.api.Call;
import com.deloton.gateway.api.Operation;
import com.deloton.gateway.api.Operations;
import com.deloton.gateway.api.Refusal;
import com.deloton.gateway.api.Reply;
import com.deloton.gateway.tableau.TableauFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Everything under {@code /tableau}. */
final class TableauOperations implements Operations {
    private final Vertx vertx;
    private final TableauFiles files;

    TableauOperations(Vertx vertx, TableauFiles files) {
        this.vertx = vertx;
        this.files = files;
    }

    @Override
    public Map<String, Operation> all() {
        return Map.of("getTableauFile", this::get);
    }

    private Future<Reply> get(Call call) {
        String name = call.text("file");
        return vertx.executeBlocking(
                        () -> files.file(name).orElseThrow(() -> Refusal.notFound("The file " + name)), false)
                .map(file -> Reply.of(200, TableauFiles.MEDIA_TYPE, Buffer.buffer(file))
                        .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\""));
    }
}
