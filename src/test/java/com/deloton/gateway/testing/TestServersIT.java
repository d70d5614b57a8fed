package com.deloton.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class TestServersIT {
    @Test
    void databasesDoNotSeeEachOther() throws Exception {
        TestServers.Database one = TestServers.freshDatabase();
        TestServers.Database two = TestServers.freshDatabase();

        try (Connection a = one.connect();
                Statement inA = a.createStatement();
                Connection b = two.connect();
                Statement inB = b.createStatement()) {
            inA.execute("create table t (x int)");
            inB.execute("create table t (x int)");
        }
        assertThat(one.name()).isNotEqualTo(two.name());
    }

    @Test
    void topicsHaveThePartitionsAskedFor() throws Exception {
        String topic = TestServers.freshTopic(3);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", TestServers.kafkaBootstrap()))) {
            assertThat(admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .values())
                    .singleElement()
                    .satisfies(found -> assertThat(found.partitions()).hasSize(3));
        }
    }
}
