package com.deloton.gateway.ingest.partition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CaughtUpTimeTest {
    private final CaughtUpTime time = new CaughtUpTime(100);

    @Test
    void isThatOfAnEndThatIsReadAlready() {
        time.observe(50, 200, 50);

        assertThat(time.nanos()).isEqualTo(200);
    }

    @Test
    void staysWhileRecordsWait() {
        time.observe(50, 200, 10);
        time.observe(90, 300, 49);

        assertThat(time.nanos()).isEqualTo(100);
    }

    @Test
    void followsAConstantLag() {
        time.observe(50, 200, 10);
        time.observe(90, 300, 50);

        assertThat(time.nanos()).as("all that was there at 200 is read").isEqualTo(200);
        time.observe(130, 400, 90);
        assertThat(time.nanos()).isEqualTo(300);
    }
}
