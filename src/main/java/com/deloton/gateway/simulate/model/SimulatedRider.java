package com.deloton.gateway.simulate.model;

import java.text.Normalizer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A simulated rider. The mail address is always at {@code example.com} or a subdomain, which are reserved (RFC 2606).
 *
 * @param gender {@code male}, {@code female}, another text, or null
 * @param heightCm 151 to 189
 * @param weightKg 31 to 99
 */
public record SimulatedRider(
        long userId,
        String name,
        @Nullable String gender,
        String address,
        LocalDate dateOfBirth,
        String emailAddress,
        int heightCm,
        int weightKg,
        LocalDate accountCreated,
        String originalSource) {
    private static final String[] MEN = {
        "Steven", "Stuart", "Wayne", "José", "Łukasz", "Søren", "Mohammed", "Jean-Luc", "Owen", "Björn", "Amir", "Tom"
    };
    private static final String[] WOMEN = {
        "Charlene", "Zoë", "Siân", "Amélie", "Anne-Marie", "Priya", "Grace", "Małgorzata", "Ruth", "Inés", "Mei", "Ava"
    };
    private static final String[] SURNAMES = {
        "Pearce",
        "Austin",
        "Brown",
        "O'Connor",
        "D'Arcy",
        "Smith-Jones",
        "Müller",
        "Núñez",
        "Taylor-O'Neill",
        "Patel",
        "Fitzgerald",
        "Ødegård",
        "Nguyễn",
        "Khan",
        "Evans",
        "Lloyd-Hughes"
    };
    private static final String[] MALE_TITLES = {"Mr", "Mr.", "Dr", "Dr."};
    private static final String[] FEMALE_TITLES = {"Mrs", "Mrs.", "Miss", "Ms", "Ms.", "Dr."};
    private static final String[] OTHER_GENDERS = {"non-binary", "other", "prefer not to say"};
    private static final String[] STREETS = {
        "Simpson locks", "Stuart turnpike", "William alley", "Carolyn haven", "St. John's road", "Heol y Môr"
    };
    private static final String[] CITIES = {
        "Wilkinsonshire", "South Owenshire", "New Bethan", "East Valeriemouth", "Port Zoë", "Kingston-upon-Mere"
    };
    private static final String[] SOURCES = {"direct", "google ads", "offline", "social media"};
    private static final String[] MAIL_HOSTS = {"example.com", "mail.example.com", "riders.example.com"};

    /** The same seed, id and day give the same rider, who is 12 to 88 years old on that day. */
    public static SimulatedRider generate(long seed, long userId, LocalDate today) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + userId);
        int kind = random.nextInt(100);
        boolean man = kind < 45 || (kind >= 90 && random.nextBoolean());
        String gender = kind < 45 ? "male" : kind < 90 ? "female" : kind < 96 ? pick(random, OTHER_GENDERS) : null;
        String name = pick(random, man ? MEN : WOMEN) + " " + pick(random, SURNAMES);
        String title = random.nextInt(4) > 0 ? "" : pick(random, man ? MALE_TITLES : FEMALE_TITLES) + " ";
        int age = random.nextInt(10) == 0 ? random.nextInt(12, 18) : random.nextInt(18, 89);
        LocalDate born = today.minusYears(age).minusDays(random.nextInt(365));
        return new SimulatedRider(
                userId,
                title + name,
                gender,
                address(random),
                born,
                mailbox(name) + userId + "@" + pick(random, MAIL_HOSTS),
                random.nextInt(151, 190),
                random.nextInt(31, 100),
                today.minusDays(random.nextInt(1, 1500)),
                pick(random, SOURCES));
    }

    /** The eleven members of the {@code [SYSTEM]} payload in the stream's order, each value as JSON text. */
    public SequencedMap<String, String> payload(String bikeSerial) {
        SequencedMap<String, String> members = new LinkedHashMap<>();
        members.put("user_id", Long.toString(userId));
        members.put("name", quote(name));
        members.put("gender", gender == null ? "null" : quote(gender));
        members.put("address", quote(address));
        members.put("date_of_birth", millisAt(dateOfBirth));
        members.put("email_address", quote(emailAddress));
        members.put("height_cm", Integer.toString(heightCm));
        members.put("weight_kg", Integer.toString(weightKg));
        members.put("account_create_date", millisAt(accountCreated));
        members.put("bike_serial", quote(bikeSerial));
        members.put("original_source", quote(originalSource));
        return members;
    }

    /** The highest heart rate in bpm of the rider's normal range on that day. */
    public int maximumBpm(LocalDate day) {
        return maximumBpm(gender, dateOfBirth.until(day).getYears());
    }

    static int maximumBpm(@Nullable String gender, int age) {
        if (!"male".equals(gender)) {
            return (int) Math.round(206 - 0.88 * age);
        }
        return age < 40 ? 220 - age : (int) Math.round(208 - 0.7 * age);
    }

    /** The lowest heart rate in bpm of the rider's normal range on that day. */
    public int minimumBpm(LocalDate day) {
        return minimumBpm(gender, dateOfBirth.until(day).getYears());
    }

    static int minimumBpm(@Nullable String gender, int age) {
        int ofMen = age >= 18 && age < 40 ? 40 : age >= 40 && age < 65 ? 47 : 52;
        return "male".equals(gender) ? ofMen : ofMen + 5;
    }

    private static String address(RandomGenerator random) {
        String street = pick(random, STREETS);
        String first = random.nextBoolean()
                ? random.nextInt(200) + " " + street
                : (random.nextBoolean()
                                ? "Flat " + random.nextInt(1, 99) + "y,"
                                : "Studio " + random.nextInt(1, 99) + ",")
                        + street;
        char area = (char) ('A' + random.nextInt(26));
        String postcode = "%c%d %d%c%c"
                .formatted(
                        area,
                        random.nextInt(1, 99),
                        random.nextInt(10),
                        'A' + random.nextInt(26),
                        'A' + random.nextInt(26));
        return first + "," + pick(random, CITIES) + "," + postcode;
    }

    private static String mailbox(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFD).toLowerCase(Locale.ROOT);
        return plain.replace(' ', '.').replaceAll("[^a-z.]", "");
    }

    private static String pick(RandomGenerator random, String[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String quote(String text) {
        return '"' + text + '"';
    }

    /** A date as in a payload: epoch milliseconds of midnight in UTC. */
    public static String millisAt(LocalDate day) {
        return Long.toString(day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
    }
}
