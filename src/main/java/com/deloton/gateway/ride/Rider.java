package com.deloton.gateway.ride;

import com.deloton.gateway.telemetry.LogLine.RiderData;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rider of a log-on, cleaned: a value that is missing, impossible or too long is null.
 *
 * @param id the customer's user id
 * @param title such as {@code Mr} or {@code Dr}, without a dot
 * @param name first and last name, without the title
 */
public record Rider(
        long id,
        @Nullable String title,
        @Nullable String name,
        Gender gender,
        @Nullable LocalDate dateOfBirth,
        @Nullable String emailAddress,
        Address address,
        @Nullable Integer heightCm,
        @Nullable Integer weightKg,
        @Nullable LocalDate accountCreated,
        @Nullable String originalSource) {

    public enum Gender {
        FEMALE,
        MALE,
        OTHER,
        UNKNOWN;

        /** The name in the database and the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Gender of(@Nullable String word) {
            return switch (word == null ? "" : word.strip().toLowerCase(Locale.ROOT)) {
                case "female", "f", "woman" -> FEMALE;
                case "male", "m", "man" -> MALE;
                case "", "unknown", "none", "null" -> UNKNOWN;
                default -> OTHER;
            };
        }
    }

    /** {@code [unit,]street,city,postcode}: the last part is the postcode, the one before the city. */
    public record Address(
            @Nullable String unit,
            @Nullable String street,
            @Nullable String city,
            @Nullable String postcode) {
        static Address of(@Nullable String text, Consumer<Cleaning> cleanings) {
            if (text == null) {
                return new Address(null, null, null, null);
            }
            List<@Nullable String> parts = List.of(text.split(",", -1)).stream()
                    .<@Nullable String>map(part -> part.isBlank() ? null : part.strip())
                    .toList();
            int n = parts.size();
            if (n < 3) {
                return new Address(null, TextLimit.ADDRESS_PART.apply(text.strip(), cleanings), null, null);
            }
            String unit = n == 3
                    ? null
                    : String.join(", ", List.of(text.split(",", -1)).subList(0, n - 3))
                            .strip();
            return new Address(
                    TextLimit.ADDRESS_PART.apply(unit, cleanings),
                    TextLimit.ADDRESS_PART.apply(parts.get(n - 3), cleanings),
                    TextLimit.ADDRESS_PART.apply(parts.get(n - 2), cleanings),
                    TextLimit.POSTCODE.apply(parts.get(n - 1), cleanings));
        }
    }

    private static final Set<String> TITLES =
            Set.of("mr", "mrs", "miss", "ms", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "rev");
    private static final int OLDEST_AGE = 120;
    private static final long MILLIS_PER_DAY = 86_400_000;

    /**
     * Null if the data has no valid user id.
     *
     * @param today the UTC day of the log-on; a later date of birth is impossible
     * @param cleanings takes the corrections that are counted
     */
    public static @Nullable Rider of(RiderData data, LocalDate today, Consumer<Cleaning> cleanings) {
        if (data.userIdInvalid()) {
            cleanings.accept(Cleaning.USER_ID_INVALID);
        }
        if (data.userId() == null) {
            return null;
        }
        String emailAddress = TextLimit.EMAIL_ADDRESS.apply(data.emailAddress(), cleanings);
        String title = titleOf(data.name());
        return new Rider(
                data.userId(),
                title,
                TextLimit.NAME.apply(withoutTitle(data.name(), title), cleanings),
                Gender.of(data.gender()),
                date(data.dateOfBirthMillis(), today.minusYears(OLDEST_AGE), today),
                emailAddress != null && emailAddress.indexOf('@') > 0 ? emailAddress : null,
                Address.of(data.address(), cleanings),
                within(data.heightCm(), 50, 272),
                within(data.weightKg(), 20, 500),
                date(data.accountCreatedMillis(), LocalDate.EPOCH, today),
                TextLimit.ORIGINAL_SOURCE.apply(data.originalSource(), cleanings));
    }

    /** Full years at {@code day}, or null if the date of birth is unknown. */
    public @Nullable Integer ageAt(LocalDate day) {
        return dateOfBirth == null ? null : (Integer) (int) ChronoUnit.YEARS.between(dateOfBirth, day);
    }

    private static @Nullable String titleOf(@Nullable String fullName) {
        if (fullName == null) {
            return null;
        }
        int space = fullName.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String first = fullName.substring(0, space);
        String word = first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
        return TITLES.contains(word.toLowerCase(Locale.ROOT)) ? word : null;
    }

    private static @Nullable String withoutTitle(@Nullable String fullName, @Nullable String title) {
        return fullName == null || title == null
                ? fullName
                : fullName.substring(fullName.indexOf(' ') + 1).strip();
    }

    private static @Nullable LocalDate date(@Nullable Long millis, LocalDate earliest, LocalDate latest) {
        if (millis == null || Math.abs(millis) > 1_000L * 366 * MILLIS_PER_DAY) {
            return null;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_PER_DAY));
        return date.isBefore(earliest) || date.isAfter(latest) ? null : date;
    }

    private static @Nullable Integer within(@Nullable Integer value, int min, int max) {
        return value == null || value < min || value > max ? null : value;
    }
}
