package com.deloton.gateway.api.riders;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognises records about a rider. One of these is enough: a labelled user id, the mail address, the full name. Of these, two
 * are needed: surname, street, postcode, date of birth, unlabelled user id.
 *
 * <p>A record about somebody else with the same name or the same surname and address is recognised as well.
 */
final class RiderTraces {
    private static final int FACTS_NEEDED = 2;
    private static final int SHORTEST_FACT = 4; // two letters between spaces

    private final List<Pattern> identifying = new ArrayList<>();
    private final List<Set<String>> facts = new ArrayList<>();

    /** @param name first and last name */
    RiderTraces(
            long riderId,
            @Nullable String name,
            @Nullable String emailAddress,
            @Nullable String street,
            @Nullable String postcode,
            @Nullable LocalDate dateOfBirth) {
        identifying.add(
                Pattern.compile("(?:user|rider|member|customer|account) ?(?:id |no |number )?0*" + riderId + "l? "));
        facts.add(Set.of(" " + riderId + " "));
        if (emailAddress != null) {
            identify(RecordText.fold(emailAddress));
        }
        if (name != null) {
            name(name.strip());
        }
        if (street != null) {
            fact(Set.of(RecordText.fold(street)));
        }
        if (postcode != null) {
            String folded = RecordText.fold(postcode);
            fact(Set.of(folded, " " + folded.replace(" ", "") + " "));
        }
        if (dateOfBirth != null) {
            long millis = dateOfBirth.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
            fact(Set.of(" " + Math.abs(millis) + " ", RecordText.fold(dateOfBirth.toString())));
        }
    }

    private void name(String name) {
        int lastSpace = name.lastIndexOf(' ');
        String surname = RecordText.fold(name.substring(lastSpace + 1));
        fact(Set.of(surname));
        if (lastSpace > 0) {
            String first = RecordText.fold(name.substring(0, lastSpace));
            identify(RecordText.fold(name));
            identify(surname + first.substring(1));
        }
    }

    private void identify(String folded) {
        if (folded.length() >= SHORTEST_FACT) {
            identifying.add(Pattern.compile(folded, Pattern.LITERAL));
        }
    }

    private void fact(Set<String> spellings) {
        if (spellings.stream().allMatch(spelling -> spelling.length() >= SHORTEST_FACT)) {
            facts.add(spellings);
        }
    }

    boolean areIn(byte[] record) {
        return RecordText.of(record).stream().anyMatch(this::areIn);
    }

    private boolean areIn(String text) {
        return identifying.stream().anyMatch(pattern -> pattern.matcher(text).find())
                || facts.stream()
                                .filter(spellings -> spellings.stream().anyMatch(text::contains))
                                .count()
                        >= FACTS_NEEDED;
    }
}
