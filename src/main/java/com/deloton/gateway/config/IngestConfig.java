package com.deloton.gateway.config;

import java.time.Duration;

public record IngestConfig(int instances, Duration flushInterval, int maxBufferedRecords, Duration abandonAfter) {}
