package com.deloton.gateway.api.riders;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.api.query.ListResponse;
import com.deloton.gateway.ride.AgeGroup;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Columns of riders, and their JSON as in the contract. */
final class RiderRows {
    static final String COLUMNS = """
            p.rider_id, p.gender, p.seen_at, p.title, p.name, p.date_of_birth, p.email_address, p.address_unit,
            p.address_street, p.address_city, p.address_postcode, p.height_cm, p.weight_kg, p.account_created,
            p.original_source""";

    private RiderRows() {}

    /** A rider; personal data only if the caller may see it. */
    static Json json(Row row, LocalDate today, boolean personal) {
        LocalDate born = row.getLocalDate("date_of_birth");
        Integer age = born == null ? null : (Integer) (int) ChronoUnit.YEARS.between(born, today);
        AgeGroup group = AgeGroup.of(age);
        Json rider = new Json()
                .putColumns(row, "riderId", "gender")
                .put("ageGroup", group == null ? null : group.label())
                .put("lastSeenAt", row.getValue("seen_at"));
        if (!personal) {
            return rider;
        }
        return rider.putColumns(row, "title", "name")
                .put("ageYears", age)
                .putColumns(row, "dateOfBirth", "emailAddress")
                .put(
                        "address",
                        new Json()
                                .put("unit", row.getString("address_unit"))
                                .put("street", row.getString("address_street"))
                                .put("city", row.getString("address_city"))
                                .put("postcode", row.getString("address_postcode")))
                .putColumns(row, "heightCm", "weightKg", "accountCreated", "originalSource");
    }

    /** The columns of a CSV of riders, with the same values as the JSON. */
    static List<ListResponse.Column> csvColumns(boolean personal) {
        return Stream.of(
                        Stream.of("riderId", "gender", "ageGroup", "lastSeenAt"),
                        personal
                                ? Stream.of("title", "name", "ageYears", "dateOfBirth", "emailAddress")
                                : Stream.<String>of(),
                        personal
                                ? Stream.of("address.unit", "address.street", "address.city", "address.postcode")
                                : Stream.<String>of(),
                        personal
                                ? Stream.of("heightCm", "weightKg", "accountCreated", "originalSource")
                                : Stream.<String>of())
                .flatMap(members -> members)
                .map(ListResponse.Column::of)
                .toList();
    }
}
