package com.deloton.gateway.store;

import com.deloton.gateway.ride.Ride;
import com.deloton.gateway.ride.Rider;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Riders as {@code rider} holds them: the data of the latest log-on. */
public final class StoredRider {
    private static final MultiRowInsert SAVE = new MultiRowInsert("""
            INSERT INTO rider AS old (rider_id, title, name, gender, date_of_birth, email_address, address_unit,
                address_street, address_city, address_postcode, height_cm, weight_kg, account_created,
                original_source, seen_at)""", 15, """
            ON CONFLICT (rider_id) DO UPDATE
            SET title = excluded.title, name = excluded.name, gender = excluded.gender,
                date_of_birth = excluded.date_of_birth, email_address = excluded.email_address,
                address_unit = excluded.address_unit, address_street = excluded.address_street,
                address_city = excluded.address_city, address_postcode = excluded.address_postcode,
                height_cm = excluded.height_cm, weight_kg = excluded.weight_kg,
                account_created = excluded.account_created, original_source = excluded.original_source,
                seen_at = excluded.seen_at
            WHERE old.seen_at <= excluded.seen_at AND old.erased_at IS NULL
                AND (old.seen_at, old.title, old.name, old.gender, old.date_of_birth, old.email_address,
                    old.address_unit, old.address_street, old.address_city, old.address_postcode, old.height_cm,
                    old.weight_kg, old.account_created, old.original_source)
                IS DISTINCT FROM (excluded.seen_at, excluded.title, excluded.name, excluded.gender,
                    excluded.date_of_birth, excluded.email_address, excluded.address_unit, excluded.address_street,
                    excluded.address_city, excluded.address_postcode, excluded.height_cm, excluded.weight_kg,
                    excluded.account_created, excluded.original_source)""");

    private StoredRider() {}

    /**
     * The statements that save the riders of these rides, each rider once and in the order of their ids, so that two sessions
     * cannot wait for each other. A log-on that is older than the stored one, or of an erased rider, changes nothing.
     */
    public static List<MultiRowInsert.Step> steps(Collection<Ride> rides) {
        Map<Long, Ride> latest = new TreeMap<>();
        for (Ride ride : rides) {
            Rider rider = ride.rider();
            if (rider != null) {
                latest.merge(
                        rider.id(),
                        ride,
                        (known, other) -> other.startedAtMicros() < known.startedAtMicros() ? known : other);
            }
        }
        return SAVE.steps(List.copyOf(latest.values()), StoredRider::row);
    }

    @SuppressWarnings("NullAway") // only rides with a rider come here
    private static Tuple row(Ride ride) {
        Rider rider = ride.rider();
        return row(
                rider.id(),
                rider.title(),
                rider.name(),
                rider.gender().label(),
                rider.dateOfBirth(),
                rider.emailAddress(),
                rider.address().unit(),
                rider.address().street(),
                rider.address().city(),
                rider.address().postcode(),
                rider.heightCm(),
                rider.weightKg(),
                rider.accountCreated(),
                rider.originalSource(),
                Timestamps.of(ride.startedAtMicros()));
    }

    private static Tuple row(@Nullable Object... values) {
        return Tuple.wrap(values);
    }
}
