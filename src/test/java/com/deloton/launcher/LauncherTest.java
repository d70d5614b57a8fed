package com.deloton.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LauncherTest {
    private static final int JAVA_8 = 52;

    @Test
    void anOlderJavaCanLoadIt() throws IOException {
        try (InputStream file = Objects.requireNonNull(Launcher.class.getResourceAsStream("Launcher.class"));
                DataInputStream header = new DataInputStream(file)) {
            assertThat(header.readInt()).isEqualTo(0xCAFEBABE);
            header.readUnsignedShort();
            assertThat(header.readUnsignedShort()).isEqualTo(JAVA_8);
        }
    }

    @Test
    void itReadsTheVersionNumbersOfOldAndNewJava() {
        assertThat(Launcher.feature("1.8")).isEqualTo(8);
        assertThat(Launcher.feature("17")).isEqualTo(17);
        assertThat(Launcher.feature("25")).isEqualTo(25);
    }

    @Test
    void itSaysWhichJavaIsNeededAndWhichThisIs() {
        assertThat(Launcher.message("17", "/usr/lib/jvm/17"))
                .isEqualTo("deloton-gateway needs Java 25, this is 17 (/usr/lib/jvm/17); set JAVA_HOME to a JDK 25 and"
                        + " run $JAVA_HOME/bin/java");
    }
}
