package com.deloton.gateway.api.rides;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The rules for TCX documents in docs/exports.md, by the names that they have there. */
final class ImporterRules {
    private static final String EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2";

    static final Map<String, Predicate<Document>> RULES = new TreeMap<>(Map.of(
            "time", ImporterRules::everyPointHasOneTime,
            "rising", ImporterRules::timesAreOneOrMoreWholeSecondsApart,
            "format", ImporterRules::timesAreUtcWithThreeFractionDigits,
            "id", ImporterRules::idIsTheStart,
            "sport", tcx -> only(tcx, "Activity").getAttribute("Sport").equals("Biking"),
            "heart-rate", ImporterRules::noHeartRateIsZero,
            "watts", ImporterRules::wattsAreInTheExtension,
            "indoor", tcx -> all(tcx, "Position").isEmpty() && pointsWith(tcx, "DistanceMeters") == 0,
            "lap", ImporterRules::lapHasWhatTheSchemaRequires));

    private ImporterRules() {}

    /** The names of the rules that the document breaks. */
    static List<String> broken(Document tcx) {
        return RULES.entrySet().stream()
                .filter(rule -> !rule.getValue().test(tcx))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<Element> all(Document tcx, String name) {
        return TcxDocuments.elements(tcx.getDocumentElement(), name);
    }

    private static Element only(Document tcx, String name) {
        return all(tcx, name).getFirst();
    }

    private static long pointsWith(Document tcx, String name) {
        return all(tcx, "Trackpoint").stream()
                .filter(point -> !TcxDocuments.elements(point, name).isEmpty())
                .count();
    }

    private static boolean everyPointHasOneTime(Document tcx) {
        return all(tcx, "Trackpoint").stream()
                .allMatch(point -> TcxDocuments.elements(point, "Time").size() == 1);
    }

    private static List<String> times(Document tcx) {
        return all(tcx, "Time").stream().map(Element::getTextContent).toList();
    }

    private static boolean timesAreOneOrMoreWholeSecondsApart(Document tcx) {
        List<Instant> times = times(tcx).stream().map(Instant::parse).toList();
        return IntStream.range(1, times.size())
                .mapToObj(i -> Duration.between(times.get(i - 1), times.get(i)))
                .allMatch(step -> step.toSeconds() >= 1 && step.toNanosPart() == 0);
    }

    private static boolean timesAreUtcWithThreeFractionDigits(Document tcx) {
        return times(tcx).stream()
                .allMatch(time -> time.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    private static boolean idIsTheStart(Document tcx) {
        return only(tcx, "Id").getTextContent().equals(only(tcx, "Lap").getAttribute("StartTime"));
    }

    private static boolean noHeartRateIsZero(Document tcx) {
        return all(tcx, "Value").stream().allMatch(value -> Integer.parseInt(value.getTextContent()) > 0);
    }

    private static boolean wattsAreInTheExtension(Document tcx) {
        return all(tcx, "Watts").stream()
                .allMatch(watts -> EXTENSION.equals(watts.getNamespaceURI())
                        && watts.getParentNode().getLocalName().equals("TPX"));
    }

    private static boolean lapHasWhatTheSchemaRequires(Document tcx) {
        return List.of("TotalTimeSeconds", "DistanceMeters", "Calories", "Intensity", "TriggerMethod").stream()
                .allMatch(name -> all(tcx, name).size() == 1);
    }
}
