package com.deloton.gateway.ride;

import com.deloton.gateway.ride.Rider.Gender;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The range in which a rider's heart rate is normal, bounds included.
 *
 * @param minBpm beats per minute
 * @param maxBpm the age-predicted maximum, beats per minute
 */
public record HeartRateLimits(int minBpm, int maxBpm) {
    /** Lower bounds of the ACSM intensity zones 2–5, in percent of the maximum; zone 1 is below the first. */
    public static final List<Integer> ZONES_PERCENT = List.of(57, 64, 77, 96);

    /**
     * The customer's rule. Maximum: Gulati 2010 (Circulation 122:130–137) {@code 206 − 0.88·age} for women and where
     * the gender is other or unknown; for men Fox 1971 {@code 220 − age} below 40 and Tanaka 2001 (JACC 37:153–156)
     * {@code 208 − 0.7·age} from 40 on.
     *
     * @param ageYears full years at the ride's start; null gives no limits
     */
    public static @Nullable HeartRateLimits of(Gender gender, @Nullable Integer ageYears) {
        if (ageYears == null) {
            return null;
        }
        int age = ageYears;
        if (gender == Gender.MALE) {
            int max = age < 40 ? 220 - age : (int) Math.round(208 - 0.7 * age);
            return new HeartRateLimits(byAge(age, 40, 47, 52), max);
        }
        return new HeartRateLimits(byAge(age, 45, 52, 57), (int) Math.round(206 - 0.88 * age));
    }

    private static int byAge(int age, int from18, int from40, int otherwise) {
        if (age >= 18 && age < 40) {
            return from18;
        }
        return age >= 40 && age < 65 ? from40 : otherwise;
    }

    public boolean contains(int bpm) {
        return bpm >= minBpm && bpm <= maxBpm;
    }

    /** The ACSM zone of a heart rate, 1–5. */
    public int zone(int bpm) {
        int zone = 1;
        for (int percent : ZONES_PERCENT) {
            zone += bpm * 100 >= percent * maxBpm ? 1 : 0;
        }
        return zone;
    }
}
