package com.deloton.gateway.api.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class JsonTextTest {
    @Example
    void writesWhatTheObjectWouldHave() {
        assertThat(members(new JsonText()).end().toString())
                .isEqualTo(members(new Json()).object().encode())
                .isEqualTo("""
                        {"id":5000000000,"count":3,"age":42,"name":"Zoë \\"Z\\"","meanW":120.457,"maxW":300.5,"live":true,\
                        "at":"2026-11-24T10:15:30.250Z","day":"2026-11-24","rider":{"gender":"female"}}""");
    }

    @SuppressWarnings("unchecked") // both return themselves
    private static <T extends Members> T members(T members) {
        return (T) members.put("id", 5_000_000_000L)
                .put("count", 3)
                .put("age", (short) 42)
                .put("name", "Zoë \"Z\"")
                .put("missing", null)
                .put("meanW", 120.4567)
                .put("maxW", 300.5f)
                .put("live", true)
                .put("at", OffsetDateTime.parse("2026-11-24T11:15:30.25+01:00"))
                .put("day", LocalDate.parse("2026-11-24"))
                .putObject("rider", rider -> rider.put("gender", "female").put("name", null));
    }

    @Example
    void writesAListOfObjects() {
        assertThat(new JsonText()
                        .putObjects("items", List.of(1, 2), (item, number) -> item.put("n", number))
                        .end()
                        .toString())
                .isEqualTo("{\"items\":[{\"n\":1},{\"n\":2}]}");
    }

    @Example
    void refusesAValueThatJsonDoesNotHave() {
        assertThatThrownBy(() -> new JsonText().put("x", new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a JSON value: class java.lang.Object");
    }

    @Property
    void roundsAsDecimalArithmeticDoes(@ForAll @DoubleRange(min = -1e7, max = 1e7) double value) {
        assertThat(Json.round(value)).isEqualTo(rounded(value));
    }

    /** Ties and their neighbours, where binary and decimal fractions differ most. */
    @Property
    void roundsTiesAsDecimalArithmeticDoes(
            @ForAll @LongRange(min = -10_000_000, max = 10_000_000) long tenThousandths) {
        double tie = tenThousandths / 10_000.0;
        assertThat(List.of(Json.round(tie), Json.round(Math.nextUp(tie)), Json.round(Math.nextDown(tie))))
                .containsExactly(rounded(tie), rounded(Math.nextUp(tie)), rounded(Math.nextDown(tie)));
    }

    private static double rounded(double value) {
        return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP).doubleValue();
    }
}
