package com.deloton.gateway.config;

import java.util.Map;

public record KafkaConfig(String bootstrapServers, String topic, String groupId, Map<String, String> properties) {}
