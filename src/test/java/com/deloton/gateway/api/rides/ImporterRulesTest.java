package com.deloton.gateway.api.rides;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ImporterRulesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    private static final String BROKEN = """
            <TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities>
            <Activity Sport="Other"><Id>2026-11-24T10:15:30.500Z</Id><Lap StartTime="2026-11-24T10:15:31Z">
            <TotalTimeSeconds>2</TotalTimeSeconds><DistanceMeters>0</DistanceMeters><Calories>0</Calories>
            <Intensity>Active</Intensity><Track>
            <Trackpoint><Time>2026-11-24T10:15:31Z</Time><DistanceMeters>7</DistanceMeters></Trackpoint>
            <Trackpoint><Time>2026-11-24T10:15:31.999Z</Time><HeartRateBpm><Value>0</Value></HeartRateBpm></Trackpoint>
            <Trackpoint><Extensions><Watts>90</Watts></Extensions></Trackpoint>
            </Track></Lap></Activity></Activities></TrainingCenterDatabase>""";

    @Test
    void theManualHasEachRule() throws Exception {
        String manual = Files.readString(Path.of("docs/exports.md"));

        assertThat(ROW.matcher(manual).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(ImporterRules.RULES.keySet());
    }

    @Test
    void eachRuleRejectsADocumentThatBreaksIt() throws Exception {
        assertThat(ImporterRules.broken(TcxDocuments.parsed(BROKEN)))
                .containsExactlyElementsOf(ImporterRules.RULES.keySet());
    }
}
