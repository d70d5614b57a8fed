package com.deloton.gateway.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IanaZoneTest {

    @ParameterizedTest
    @ValueSource(strings = {"Europe/London", "UTC", "Etc/GMT+1", "America/Argentina/Buenos_Aires"})
    void acceptsIanaNames(String name) {
        assertThat(IanaZone.of(name).getId()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC+1", "GMT+01:00", "+01:00", "Z", "UT+2", "europe/london", "SystemV/EST5", ""})
    void rejectsOthers(String name) {
        assertThatThrownBy(() -> IanaZone.of(name)).isInstanceOf(IllegalArgumentException.class);
    }
}
