package com.deloton.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.time.DateTimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailureTest {
    @ParameterizedTest
    @CsvSource({
        "25006, SESSION",
        "57P01, SESSION",
        "57P02, SESSION",
        "57P03, SESSION",
        "08006, SESSION",
        "26000, SESSION",
        "22003, DATA",
        "23505, DATA",
        "23514, DATA",
        "54000, DATA",
        "0A000, DATA",
        "2F005, DATA",
        "P0001, DATA",
        "P0004, DATA",
        "44000, DATA",
        "22021, DATA",
        "23502, DATA",
        "23P01, DATA",
        "55P03, LOCK",
        "53100, OTHER",
        "42P01, OTHER",
        "42501, OTHER",
        "40001, OTHER",
        "40P01, OTHER",
        "57014, OTHER",
        "XX000, OTHER"
    })
    void isJudgedBySqlState(String state, DatabaseFailure expected) {
        assertThat(DatabaseFailure.of(new PgException("refused", "ERROR", state, "")))
                .isEqualTo(expected);
    }

    @Test
    void anOutdatedPlanIsTheSessionsFault() {
        assertThat(DatabaseFailure.of(new PgException("cached plan must not change result type", "ERROR", "0A000", "")))
                .isEqualTo(DatabaseFailure.SESSION);
    }

    @Test
    void aClosedConnectionIsTheSessionsFault() {
        assertThat(DatabaseFailure.of(ClosedConnectionException.INSTANCE)).isEqualTo(DatabaseFailure.SESSION);
    }

    @Test
    void aValueThatCannotBeSentIsTheDatasFault() {
        assertThat(DatabaseFailure.of(new DateTimeException("year 300000"))).isEqualTo(DatabaseFailure.DATA);
        assertThat(DatabaseFailure.of(new NotOwned())).isEqualTo(DatabaseFailure.OTHER);
    }

    private static final class NotOwned extends IllegalStateException {}
}
