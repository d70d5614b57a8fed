package com.deloton.gateway.api.riders;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RiderTracesTest {
    private static final LocalDate BORN = LocalDate.parse("1964-03-09");
    private static final RiderTraces RIDER = new RiderTraces(
            4826, "Zoë Müller-O'Neill", "Zoe.Mueller+bike@example.com", "0 Größe locks", "E68 8SH", BORN);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":4826,\\\"name\\\"",
                "{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":\\\"4826\\\"",
                "{'user_id': 4826L, 'name': None}",
                "user_id=4826;",
                "USER_ID=4826",
                "userId: 4826.0",
                "user-id 4826",
                "user id: 004826",
                "\"user\\u005fid\": \"\\u0034\\u0038\\u0032\\u0036\"",
                "user%5Fid%3D4826",
                "b'user\\x5fid\\x3d4826'",
                "rider 4826 logged on",
                "mail to ZOE.MUELLER+BIKE@EXAMPLE.COM",
                "zoe.mueller\\u002Bbike\\u0040example.com",
                "zoe.mueller%2Bbike%40example.com",
                "zoe.mueller&#43;bike&#64;example.com",
                "Dr Zoë Müller-O'Neill",
                "MÜLLER-O\\u0027NEILL, ZOË",
                "Zo\\u00eb M\\u00fcller-O'Neill",
                "Zo\\\\u00EB M\\\\u00FCller-O\\\\'Neill",
                "Zo\\xc3\\xab M\\xc3\\xbcller-O'Neill",
                "Zo\\303\\253 M\\303\\274ller-O'Neill",
                "Zoe Muller O Neill",
                "Müller-O'Neill of E688SH",
                "müller-o'neill,0 größe locks",
                "{\"address\": \"0 GRÖSSE LOCKS,Town,E68 8SH\"",
                "\"name\":null,\"date_of_birth\":-183513600000,\"x\":\"E68 8SH\"",
                "1964-03-09 Müller-O'Neill",
                "4826,\"Müller-O'Neill\""
            })
    void recognisesARider(String record) {
        assertThat(BORN.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli()).isEqualTo(-183_513_600_000L);
        assertThat(RIDER.areIn(record.getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"log\": \"[SYSTEM] data = {\\\"user_id\\\":48260,\\\"name\\\"",
                "user_id=14826",
                "user_id=482; 6",
                "Ride - duration = 4826.0; resistance = 0",
                "notzoe.mueller+bike@example.com",
                "Zoë Möller-O'Neill",
                "Müller-O'Neill of E68 9SH",
                "0 Größe lockssmith, E68 8SH"
            })
    void leavesOthersAlone(String record) {
        assertThat(RIDER.areIn(record.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Provide
    Arbitrary<Charset> charsets() {
        return Arbitraries.of(
                StandardCharsets.UTF_8,
                StandardCharsets.ISO_8859_1,
                Charset.forName("windows-1252"),
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE);
    }

    @Property
    void recognisesANameInAnyCharsetAndCase(
            @ForAll("charsets") Charset charset, @ForAll boolean upper, @ForAll("noise") String noise) {
        String name = "Zoë Müller-O'Neill";
        String record = noise + " " + (upper ? name.toUpperCase(Locale.ROOT) : name) + " " + noise;

        assertThat(RIDER.areIn(record.getBytes(charset))).isTrue();
    }

    @Property
    void recognisesANameEncodedTwice(@ForAll("noise") String noise) {
        byte[] utf8 = (noise + " Zoë Müller-O'Neill " + noise).getBytes(StandardCharsets.UTF_8);

        assertThat(RIDER.areIn(new String(utf8, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.strings().withCharRange('!', '~').ofMaxLength(30).filter(text -> !text.contains("\\"));
    }

    @Property
    void hasAResultForAnyBytes(@ForAll byte[] bytes) {
        assertThat(RecordText.of(bytes)).isNotEmpty().allMatch(text -> text.startsWith(" ") && text.endsWith(" "));
    }

    @Property
    void recognisesAnyUserIdAndNoLongerOne(@ForAll long random) {
        long id = Math.abs(random % 9_007_199_254_740_991L);
        RiderTraces rider = new RiderTraces(id, null, null, null, null, null);

        assertThat(rider.areIn(("{\"user_id\":" + id + "}").getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(rider.areIn(("{\"user_id\":1" + id + "}").getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(rider.areIn(("{\"user_id\":" + id + "1}").getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }
}
