package com.deloton.gateway.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SettingsTest {

    @Property
    void everyKeyHasAVariableThatSetsIt(@ForAll("keys") String key, @ForAll("texts") String value) {
        String variable =
                "DELOTON_" + key.toUpperCase(Locale.ROOT).replace(".", "_").replace("-", "_");
        Settings settings = new Settings(List.of(), Map.of(variable, value));

        assertThat(settings.key(key, "").text("another")).isEqualTo(value);
        settings.check();
        assertThat(settings.known())
                .singleElement()
                .satisfies(described -> assertThat(described.environmentName()).isEqualTo(variable));
    }

    @Property
    void aPropertyOfAnotherProgramIsNamedByAVariable(@ForAll("keys") String name, @ForAll("texts") String value) {
        String property = name.replace("-", ".");
        String variable =
                "DELOTON_KAFKA_PROPERTIES_" + property.toUpperCase(Locale.ROOT).replace(".", "_");
        Settings settings = new Settings(List.of(), Map.of(variable, value));

        assertThat(settings.properties("kafka.properties", "")).isEqualTo(Map.of(property, value));
        settings.check();
    }

    @Property
    void whatIsNearIsAtMostAsFarAsTheLongerText(@ForAll("keys") String one, @ForAll("keys") String other) {
        int distance = Suggestion.distance(one, other);

        assertThat(distance)
                .isEqualTo(Suggestion.distance(other, one))
                .isBetween(0, Math.max(one.length(), other.length()));
        assertThat(distance == 0).isEqualTo(one.equals(other));
    }

    @Example
    void twoKeysMustNotShareAVariable() {
        Settings settings = new Settings(List.of(), Map.of());
        settings.key("a.b-file", "").text("");

        assertThatIllegalStateException()
                .isThrownBy(() -> settings.key("a.b", "").textOrNull());
        assertThatIllegalStateException()
                .isThrownBy(() -> settings.key("a-b.file", "").textOrNull());
    }

    @Provide
    Arbitrary<String> keys() {
        Arbitrary<String> word = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(8);
        return word.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(words -> String.join("-", words))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join(".", parts))
                .filter(key -> !key.endsWith("file"));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(20);
    }
}
