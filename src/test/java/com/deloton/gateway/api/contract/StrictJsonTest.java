package com.deloton.gateway.api.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static final String NOT_JSON = "the body is not valid; expected a JSON object";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "1",
                "null",
                " {\"a\": [1, 2.5e3, true, null, \"x\"], \"b\": {\"a\": 1}} ",
                "\ufeff{\"a\": 1}",
                "[{\"a\": 1}, {\"a\": 1}]"
            })
    void acceptsJson(String text) {
        assertThat(StrictJson.fault(text.getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "1 2",
                "{'a': 1}",
                "{\"a\": 1,}",
                "{\"a\": 1 /* comment */}",
                "{\"a\": NaN}",
                "{\"a\": 01}",
                "{\"a\": \"\u0001\"}"
            })
    void rejectsWhatIsNotJson(String text) {
        assertThat(StrictJson.fault(text.getBytes(UTF_8))).contains(NOT_JSON);
    }

    @Test
    void rejectsTextThatIsNotUtf8() {
        assertThat(StrictJson.fault("{\"a\": \"é\"}".getBytes(ISO_8859_1))).contains(NOT_JSON);
    }

    @Test
    void namesARepeatedMember() {
        assertThat(StrictJson.fault("{\"b\": {\"maxBpm\": 175, \"maxBpm\": 100}}".getBytes(UTF_8)))
                .contains("the member 'maxBpm' appears twice; expected each member once");
    }

    @Test
    void limitsTheDepth() {
        assertThat(StrictJson.fault(("[".repeat(32) + "]".repeat(32)).getBytes(UTF_8)))
                .isEmpty();
        assertThat(StrictJson.fault(("{\"a\":".repeat(900) + "1" + "}".repeat(900)).getBytes(UTF_8)))
                .contains("the body is nested too deeply; expected at most 32 levels");
        assertThat(StrictJson.fault("[".repeat(20_000).getBytes(UTF_8)))
                .contains("the body is nested too deeply; expected at most 32 levels");
    }

    @Test
    void limitsTheLengthOfNumbers() {
        assertThat(StrictJson.fault("9".repeat(2_000).getBytes(UTF_8)))
                .contains("the body has a number or text that is too long");
    }
}
