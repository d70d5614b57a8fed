package com.deloton.gateway.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.impl.ParsableMIMEValue;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationTest {
    private static final String FIT = "application/vnd.ant.fit";

    private static List<MIMEHeader> accept(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(text -> (MIMEHeader) new ParsableMIMEValue(text.strip()).forceParse())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/json                          | application/vnd.ant.fit
                    application/problem+json                  | application/vnd.ant.fit
                    application/json, application/problem+json | application/vnd.ant.fit
                    */*;q=0.1                                 | application/vnd.ant.fit
                    application/json;q=0                      |
                    application/xml                           |
                    application/json, text/csv                |
                    """)
    void aClientThatAcceptsOnlyJsonGetsAFileWhereThereIsNothingElse(String header, String chosen) {
        assertThat(Negotiation.choose(accept(header), List.of(FIT)).orElse(null))
                .isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/problem+json                       | application/json
                    text/csv                                       | text/csv
                    text/*                                         | text/csv
                    TEXT/CSV                                       | text/csv
                    text/csv;q=0.5, application/json;q=0.4         | text/csv
                    application/json, text/csv                     | application/json
                    text/html, application/xhtml+xml, */*;q=0.8    | application/json
                    application/json, */*;q=0                      | application/json
                    application/xml                                |
                    application/json;q=0                           |
                    """)
    void theBestWeightWinsAndTheContractsOrderDecidesAmongEquals(String header, String chosen) {
        assertThat(Negotiation.choose(accept(header), List.of("application/json", "text/csv"))
                        .orElse(null))
                .isEqualTo(chosen);
    }
}
