package com.deloton.gateway.faults;

import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.utils.Utils;

/** Kafka's own choice of a key's partition among the first {@link #PARTITIONS}, also when more are added. */
public final class FixedPartitioner implements Partitioner {
    static final int PARTITIONS = 4;

    @Override
    public int partition(String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
        return Utils.toPositive(Utils.murmur2(keyBytes)) % PARTITIONS;
    }

    @Override
    public void configure(Map<String, ?> settings) {}

    @Override
    public void close() {}
}
