package com.deloton.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelsTest {
    private static LoggerContext verbose() throws JoranException {
        LoggerContext context = new LoggerContext();
        context.putProperty("LOG_LEVEL", "TRACE");
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(LogLevelsTest.class.getResource("/logback.xml")));
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
        return context;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.vertx.ext.mail.impl.SMTPConnection",
                "io.vertx.pgclient.impl.codec",
                "io.vertx.core.http",
                "io.netty.handler.logging",
                "org.eclipse.angus.mail",
                "jakarta.mail",
                "org.postgresql.Driver",
                "org.apache.kafka.clients",
                "org.flywaydb.core",
                "com.ongres.scram"
            })
    void librariesThatLogPersonalDataAtDebugStayAtInfo(String logger) throws JoranException {
        assertThat(verbose().getLogger(logger).getEffectiveLevel().isGreaterOrEqual(Level.INFO))
                .isTrue();
    }

    @Test
    void theGatewayFollowsTheVariable() throws JoranException {
        assertThat(verbose().getLogger("com.deloton.gateway.mail").getEffectiveLevel())
                .isEqualTo(Level.TRACE);
    }
}
