package com.deloton.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FaultSummaryTest {
    @Test
    void theTimesOfEachFaultAndTheTotalsOfAllRunsAreShown() {
        FaultSummary summary = new FaultSummary();
        summary.add(List.of(
                "7\t2\tMAIL_DEAF\t1500\t\t400\t",
                "7\t2\tBROKER_KILLED\t1500\t900\t2400\t1200",
                "7\tEND\tNONE",
                "7\tTIMES\tTimes[start=PT4.5S, faults=PT1M2.5S, settle=PT1S]",
                "7\tCHECK\tLedgerCheck[readings=12000, lost=0, alerts=30, examples=[]]"));
        summary.add(List.of(
                "8\t1\tMAIL_DEAF\t1500\t\t600\t",
                "8\tTIMES\tTimes[start=PT5.5S, faults=PT57.5S, settle=PT3S]",
                "8\tCHECK\tLedgerCheck[readings=500, lost=1, alerts=2, examples=[]]",
                "9\tFAILED\tafter MAIL_DEAF, still 90 s later"));

        assertThat(summary.text()).isEqualTo("""
                | fault | times | of these not ready | not ready after, p50 | p99 | recovery p50 | p99 | SIGTERM p99 |
                |---|---|---|---|---|---|---|---|
                | broker killed | 1 | 1 | 0.9 s | 0.9 s | 2.4 s | 2.4 s | 1.2 s |
                | mail deaf | 2 | 0 |  |  | 0.4 s | 0.6 s |  |
                | all | 3 | 1 | 0.9 s | 0.9 s | 0.6 s | 2.4 s | 1.2 s |

                Runs compared: 2; failed: 1.

                | total | number |
                |---|---|
                | alerts | 32 |
                | lost | 1 |
                | readings | 12,500 |
                | seconds a run, faults | 60.0 |
                | seconds a run, settle | 2.0 |
                | seconds a run, start | 5.0 |

                Failed, seed 9: after MAIL_DEAF, still 90 s later
                """);
    }
}
