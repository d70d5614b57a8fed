package com.deloton.gateway.faults;

import static com.deloton.gateway.testing.IngestFixture.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.simulate.model.WireFormat;
import com.deloton.gateway.store.IngestPositions;
import com.deloton.gateway.testing.BikeProducer;
import com.deloton.gateway.testing.TestConfigs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What happens to the topic at the end of a run, since it loses data by its nature: the gateways must report it. */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum TopicChange {
    NONE(d -> {}),
    /** Nothing is read until an operator decides; then everything. */
    CREATED_AGAIN(TopicChange::createAgain),
    /** The lost records are counted, the others are stored. */
    UNREAD_RECORDS_DELETED(TopicChange::deleteUnread);

    private static final int SECONDS = 40;
    private static final int LOG_ON_RECORDS = 4;

    private final Action action;

    private interface Action {
        void run(Deployment deployment) throws Exception;
    }

    TopicChange(Action action) {
        this.action = action;
    }

    void apply(Deployment deployment) throws Exception {
        action.run(deployment);
    }

    private static void createAgain(Deployment deployment) throws Exception {
        Gateways gateways = deployment.gateways();
        deployment.broker().createTopicAgain();
        send(deployment, "created-again", 0);
        awaitTrue(() -> gateways.ready() == 0
                && gateways.states().stream().anyMatch(state -> state.contains("was deleted and created again")));
        assertThat(stored(deployment, "created-again")).isZero();
        new IngestPositions(TestConfigs.database(deployment.postgres().database()))
                .startOver(deployment.broker().topic(), "test", "the topic was created again");
        awaitTrue(() -> stored(deployment, "created-again") == SECONDS);
        awaitTrue(() -> gateways.ready() == gateways.count());
    }

    private static void deleteUnread(Deployment deployment) throws Exception {
        Gateways gateways = deployment.gateways();
        gateways.killAll();
        long begin = Objects.requireNonNull(deployment.broker().ends().get(0));
        send(deployment, "deleted", 0);
        int lost = LOG_ON_RECORDS + SECONDS;
        deployment.broker().deleteRecords(Map.of(0, begin + lost));
        gateways.startAll();
        awaitTrue(() -> stored(deployment, "deleted") == SECONDS / 2);
        assertThat(gateways.metric("deloton_ingest_lost_records_total")).isEqualTo((double) lost);
    }

    private static void send(Deployment deployment, String key, int partition) {
        List<byte[]> records = BikeProducer.ride(9_001, Instant.now().minusSeconds(SECONDS), SECONDS).stream()
                .map(WireFormat::record)
                .toList();
        deployment.broker().send(key, partition, records);
    }

    private static long stored(Deployment deployment, String key) {
        return deployment
                .warehouse()
                .count("SELECT count(*) FROM reading JOIN ride USING (ride_id) WHERE stream_key = '%s'".formatted(key));
    }
}
