package com.deloton.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.ops.FaultLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ResultRecorderTest {
    private final Vertx vertx = Vertx.vertx();
    private final FaultLog database = new FaultLog(LoggerFactory.getLogger(ResultRecorderTest.class), "the database");
    private final ResultRecorder recorder = new ResultRecorder(vertx, database);

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void aWriteIsRepeatedUntilItSucceeds() throws Exception {
        Deque<Future<String>> answers = new ArrayDeque<>(
                List.of(Future.failedFuture("refused"), Future.failedFuture("timeout"), Future.succeededFuture("ok")));

        assertThat(recorder.record(answers::remove).await(10, TimeUnit.SECONDS)).isEqualTo("ok");
        assertThat(answers).isEmpty();
        assertThat(database.reason()).isEqualTo("timeout");
    }

    @Test
    void aClosedRecorderWritesOnceAndThenFails() {
        recorder.close();
        Promise<String> write = Promise.promise();
        Future<String> recorded = recorder.record(write::future);
        write.fail("refused");

        assertThat(recorded.failed()).isTrue();
        assertThat(recorded.cause()).hasMessage("refused");
    }

    @Test
    void anOutageEndsWithTheFirstSuccess() {
        database.failed("refused");
        database.failed("timeout");
        assertThat(database.reason()).isEqualTo("timeout");

        database.succeeded();
        assertThat(database.reason()).isNull();
    }
}
