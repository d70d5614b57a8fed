package com.deloton.gateway.simulate.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireFormatTest {
    private static final long AT = 1_667_500_920_422_392L;

    @Test
    void aRideLineIsWrittenAsTheBikesWriteIt() {
        assertThat(json(WireFormat.ride(AT, 1, 0)))
                .isEqualTo("{\"log\": \"2022-11-03 18:42:00.422392 mendoza v9: [INFO]: Ride - duration = 1.0;"
                        + " resistance = 0\\n\"}");
    }

    @Test
    void aTelemetryLineIsWrittenAsTheBikesWriteIt() {
        assertThat(json(WireFormat.telemetry(AT, 0, 40, 9.737739856000001)))
                .isEqualTo("{\"log\": \"2022-11-03 18:42:00.422392 mendoza v9: [INFO]: Telemetry - hrt = 0; rpm = 40;"
                        + " power = 9.737739856000001\\n\"}");
    }

    @Test
    void aSystemLineEscapesItsQuotesAndAllThatIsNotAscii() {
        SimulatedRider rider = new SimulatedRider(
                100,
                "Dr. Zoë D'Arcy",
                null,
                "0 Simpson locks,Wilkinsonshire,E68 8SH",
                LocalDate.of(1943, 4, 26),
                "z@example.com",
                167,
                83,
                LocalDate.of(2022, 3, 23),
                "direct");
        assertThat(json(WireFormat.system(AT, WireFormat.compactObject(rider.payload("SN0000")))))
                .isEqualTo("{\"log\": \"2022-11-03 18:42:00.422392 mendoza v9: [SYSTEM] data = {\\\"user_id\\\":100,"
                        + "\\\"name\\\":\\\"Dr. Zo\\u00eb D'Arcy\\\",\\\"gender\\\":null,"
                        + "\\\"address\\\":\\\"0 Simpson locks,Wilkinsonshire,E68 8SH\\\","
                        + "\\\"date_of_birth\\\":-842140800000,\\\"email_address\\\":\\\"z@example.com\\\","
                        + "\\\"height_cm\\\":167,\\\"weight_kg\\\":83,\\\"account_create_date\\\":1647993600000,"
                        + "\\\"bike_serial\\\":\\\"SN0000\\\",\\\"original_source\\\":\\\"direct\\\"}\\n\"}");
    }

    @Test
    void boundaryLinesHaveNoTimestamp() {
        assertThat(json(WireFormat.BEGINNING_OF_MAIN)).isEqualTo("{\"log\": \"--------- beginning of main\\n\"}");
        assertThat(json(WireFormat.BEGINNING_OF_RIDE)).isEqualTo("{\"log\": \"--------- beginning of a new ride\\n\"}");
    }

    @Test
    void aPythonDictionaryQuotesAsPythonDoes() {
        SequencedMap<String, String> members = new LinkedHashMap<>();
        members.put("user_id", "7");
        members.put("name", "\"Ann O'Connor\"");
        members.put("gender", "null");
        members.put("source", "\"direct\"");
        assertThat(WireFormat.pythonDict(members))
                .isEqualTo("{'user_id': 7, 'name': \"Ann O'Connor\", 'gender': None, 'source': 'direct'}");
    }

    @Test
    void theFractionOfAWholeSecondVanishes() {
        assertThat(WireFormat.timestamp(1_667_500_920_000_000L)).isEqualTo("2022-11-03 18:42:00");
        assertThat(WireFormat.timestamp(-1)).isEqualTo("1969-12-31 23:59:59.999999");
        assertThat(WireFormat.timestamp(1_667_500_920_000_042L)).isEqualTo("2022-11-03 18:42:00.000042");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "12.59509583, 12.59509583",
        "0.0001, 0.0001",
        "0.00012, 0.00012",
        "0.00001, 1e-05",
        "1.5E-7, 1.5e-07",
        "12345678, 12345678.0",
        "123456789.25, 123456789.25",
        "1E15, 1000000000000000.0",
        "1E16, 1e+16",
        "1.25E100, 1.25e+100",
        "-0.00002, -2e-05"
    })
    void floatsAreWrittenAsPythonWritesThem(double value, String python) {
        assertThat(WireFormat.pythonFloat(value)).isEqualTo(python);
    }

    @Property
    void aFloatReadsBackAsItself(@ForAll double value) {
        assertThat(Double.parseDouble(WireFormat.pythonFloat(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "30, 47, 12.59509583",
        "30, 100, 39.31111171",
        "60, 30, 11.22896664",
        "99, 67, 93.10066078",
        "151, 98, 379.9871691",
        "170, 100, 495.9741881",
        "170, 143, 792.0630783"
    })
    void powerMeetsRealRidesWithinThreePercent(int resistance, int cadence, double watts) {
        assertThat(BikePower.watts(resistance, cadence)).isCloseTo(watts, within(watts * 0.03));
    }

    @Property
    void powerRisesWithResistanceAndCadence(
            @ForAll @IntRange(max = 169) int resistance, @ForAll @IntRange(min = 1, max = 162) int cadence) {
        double watts = BikePower.watts(resistance, cadence);
        assertThat(BikePower.watts(resistance + 1, cadence))
                .isGreaterThan(watts)
                .isLessThan(1485);
        assertThat(BikePower.watts(resistance, cadence + 1)).isGreaterThan(watts);
        assertThat(BikePower.watts(resistance, 0)).isZero();
    }

    private static String json(String line) {
        return new String(WireFormat.record(line), StandardCharsets.UTF_8);
    }
}
