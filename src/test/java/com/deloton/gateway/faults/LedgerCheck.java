package com.deloton.gateway.faults;

import com.deloton.gateway.simulate.model.ExpectedRide;
import com.deloton.gateway.simulate.model.ExpectedRide.ExpectedReading;
import com.deloton.gateway.testing.IngestFixture;
import com.deloton.gateway.testing.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares a warehouse and the accepted mails with the simulator's ledger.
 *
 * @param lost readings of the ledger that are not stored
 * @param extra readings that are stored and not in the ledger
 * @param wrong readings whose values differ
 * @param mails mails of alerts and reports that are due to be accepted or refused for good
 * @param mailsMissed mails of alerts and reports that were not accepted by the mail server, nor refused for good
 * @param mailsRepeated mails that were accepted more than once
 * @param webhooks events for the endpoint: rides that ended, alerts that were mailed, and what it was sent besides
 * @param webhooksMissed events that the endpoint did not accept
 * @param webhooksRepeated events that it accepted more than once
 * @param examples the first differences
 */
record LedgerCheck(
        int readings,
        int lost,
        int extra,
        int wrong,
        int alerts,
        int alertsMissed,
        int alertsExtra,
        int mails,
        int mailsMissed,
        int mailsRepeated,
        int webhooks,
        int webhooksMissed,
        int webhooksRepeated,
        List<String> examples) {
    private static final int MAX_EXAMPLES = 8;
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*<?([^>\\s]+)");
    private static final String MAILS = """
            SELECT 'alert ' || ride_id || '/' || first_s, status,
                format('alert-%s-%s-%s@example.com', ride_id, first_s, kind)
            FROM alert_delivery
            WHERE status <> 'suppressed' OR reason = 'stale'
            UNION ALL
            SELECT 'report ' || day, status, message_id FROM daily_report""";
    private static final String WEBHOOKS = """
            SELECT webhook_id FROM webhook_delivery
            UNION
            SELECT 'ride.ended-' || ride_id FROM ride WHERE status <> 'open'
            UNION
            SELECT 'alert.raised-' || ride_id || '-' || first_s FROM alert WHERE quiet IS NULL""";
    private static final String READINGS = """
            SELECT r.stream_key || '/' || r.ordinal || '/' || elapsed_s, coalesce(heart_rate_bpm, -1),
                coalesce(cadence_rpm, -1), coalesce(resistance, -1), coalesce(power_w, -1),
                (extract(epoch FROM recorded_at) * 1000000)::bigint
            FROM reading JOIN (SELECT ride_id, stream_key,
                row_number() OVER (PARTITION BY stream_key ORDER BY started_at, ride_id) AS ordinal
                FROM ride) r USING (ride_id)""";

    /** A reading's stored form, in which -1 is null. */
    private record Values(int heartRateBpm, int cadenceRpm, int resistance, float powerW, long atMicros) {
        /** Times are stored to the millisecond, counted from the beginning of the ride. */
        boolean isStoredAs(Values stored) {
            long early = atMicros - stored.atMicros;
            return early >= 0
                    && early < 1_000
                    && equals(new Values(
                            stored.heartRateBpm, stored.cadenceRpm, stored.resistance, stored.powerW, atMicros));
        }
    }

    static LedgerCheck of(
            Warehouse warehouse,
            List<ExpectedRide> ledger,
            List<String> acceptedMails,
            List<String> refusedMails,
            List<String> acceptedWebhooks) {
        List<String> examples = new ArrayList<>();
        Map<String, Values> expected = expectedReadings(ledger);
        int readings = expected.size();
        int extra = 0;
        int wrong = 0;
        for (List<Object> row : warehouse.rows(READINGS)) {
            String name = (String) row.getFirst();
            Values stored = new Values(
                    (Integer) row.get(1), (Integer) row.get(2), (Integer) row.get(3), (Float) row.get(4), (Long)
                            row.get(5));
            Values said = expected.remove(name);
            if (said == null) {
                extra++;
                example(examples, "extra " + name + " " + stored);
            } else if (!said.isStoredAs(stored)) {
                wrong++;
                example(examples, "wrong " + name + " " + stored + ", not " + said);
            }
        }
        expected.keySet().forEach(name -> example(examples, "lost " + name));
        Set<String> due = IngestFixture.expectedAlerts(ledger);
        Set<String> raised = IngestFixture.storedAlerts(warehouse);
        Set<String> missed = minus(due, raised);
        Set<String> unexpected = minus(raised, due);
        missed.forEach(alert -> example(examples, "missed alert " + alert));
        unexpected.forEach(alert -> example(examples, "extra alert " + alert));
        Mails mails = Mails.of(warehouse, acceptedMails, refusedMails, examples);
        Set<String> webhooks = new TreeSet<>();
        warehouse.rows(WEBHOOKS).forEach(row -> webhooks.add((String) row.getFirst()));
        Set<String> missedWebhooks = minus(webhooks, Set.copyOf(acceptedWebhooks));
        missedWebhooks.forEach(id -> example(examples, "missed webhook " + id));
        return new LedgerCheck(
                readings,
                expected.size(),
                extra,
                wrong,
                due.size(),
                missed.size(),
                unexpected.size(),
                mails.count,
                mails.missed,
                mails.repeated,
                webhooks.size(),
                missedWebhooks.size(),
                acceptedWebhooks.size() - Set.copyOf(acceptedWebhooks).size(),
                List.copyOf(examples));
    }

    /** Nothing lost, extra or wrong. */
    boolean isClean() {
        return lost + extra + wrong + alertsMissed + alertsExtra + mailsMissed + webhooksMissed == 0;
    }

    private record Mails(int count, int missed, int repeated) {
        static Mails of(Warehouse warehouse, List<String> accepted, List<String> refused, List<String> examples) {
            Map<String, Integer> counts = new HashMap<>();
            accepted.forEach(mail -> counts.merge(messageId(mail), 1, Integer::sum));
            Set<String> refusedIds =
                    refused.stream().map(LedgerCheck::messageId).collect(Collectors.toSet());
            int missed = 0;
            List<List<Object>> rows = warehouse.rows(MAILS);
            for (List<Object> row : rows) {
                String id = String.valueOf(row.get(2)).replaceAll("[<>]", "");
                if ("failed".equals(row.get(1)) && refusedIds.contains(id) && !counts.containsKey(id)) {
                    continue;
                }
                if (!"sent".equals(row.get(1)) || !counts.containsKey(id)) {
                    missed++;
                    example(examples, "missed mail " + row);
                }
            }
            int repeated = 0;
            for (Map.Entry<String, Integer> mail : counts.entrySet()) {
                if (mail.getValue() > 1) {
                    repeated += mail.getValue() - 1;
                    example(examples, mail.getValue() + " mails " + mail.getKey());
                }
            }
            return new Mails(rows.size(), missed, repeated);
        }
    }

    private static String messageId(String mail) {
        var header = MESSAGE_ID.matcher(mail);
        return header.find() ? header.group(1) : "none";
    }

    private static Map<String, Values> expectedReadings(List<ExpectedRide> ledger) {
        Map<String, Integer> ordinals = new HashMap<>();
        Map<String, Values> expected = new HashMap<>();
        ledger.stream()
                .map(Warehouse::storable)
                .sorted(Comparator.comparingInt(ExpectedRide::ordinal))
                .filter(ride -> ride.logOnMicros() != null || !ride.readings().isEmpty())
                .forEach(ride -> {
                    int ordinal = ordinals.merge(ride.bikeSerial(), 1, Integer::sum);
                    ride.readings()
                            .forEach(reading -> expected.put(
                                    "%s/%d/%d".formatted(ride.bikeSerial(), ordinal, reading.elapsedS()),
                                    values(reading)));
                });
        return expected;
    }

    private static Values values(ExpectedReading reading) {
        Double power = reading.powerW();
        return new Values(
                orNone(Warehouse.within(reading.heartRateBpm(), 30, 250)),
                orNone(Warehouse.within(reading.cadenceRpm(), 0, 250)),
                orNone(Warehouse.within(reading.resistance(), 0, 255)),
                power == null || power < 0 || power > 3_000 ? -1 : power.floatValue(),
                reading.atMicros());
    }

    private static int orNone(@org.jspecify.annotations.Nullable Integer value) {
        return value == null ? -1 : value;
    }

    private static Set<String> minus(Set<String> all, Set<String> without) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(without);
        return rest;
    }

    private static void example(List<String> examples, String text) {
        if (examples.size() < MAX_EXAMPLES) {
            examples.add(text);
        }
    }
}
