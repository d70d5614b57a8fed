package com.deloton.gateway.ingest.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class StreamKeysTest {
    @Property
    void differentKeysHaveDifferentTexts(@ForAll @Size(max = 300) byte[] one, @ForAll @Size(max = 300) byte[] other) {
        assertThat(text(one).equals(text(other))).isEqualTo(Arrays.equals(one, other));
    }

    @Property
    void textsAreShortEnoughForAnIndexAndHaveNoNul(@ForAll @Size(max = 3_000) byte[] key) {
        String text = text(key);

        assertThat(text.getBytes(UTF_8).length).isLessThanOrEqualTo(2 + 2 * StreamKeys.MAX_BYTES);
        assertThat(text).doesNotContain("\0");
    }

    @Property
    void aTextKeyIsItsOwnText(@ForAll String key) {
        byte[] bytes = key.getBytes(UTF_8);
        boolean kept = bytes.length <= StreamKeys.MAX_BYTES
                && key.indexOf('\0') < 0
                && !key.startsWith("0x")
                && !key.startsWith("sha256:");

        assertThat(text(bytes).equals(new String(bytes, UTF_8))).isEqualTo(kept);
    }

    @Example
    void aKeyThatLooksLikeTheTextOfAnotherIsWrittenInHex() {
        assertThat(StreamKeys.text("0x81".getBytes(UTF_8))).isEqualTo("0x30783831");
        assertThat(StreamKeys.text(new byte[] {(byte) 0x81})).isEqualTo("0x81");
    }

    @Example
    void noKeyHasNoText() {
        assertThat(StreamKeys.text(null)).isNull();
    }

    private static String text(byte[] key) {
        return requireNonNull(StreamKeys.text(key));
    }
}
