-- Narrower indexes of ride: a column whose values repeat takes one entry for many rides, and the few rides that a condition
-- leaves are sorted. docs/adr/0019 has the query of each index and the figures. Index builds hold up the ends of rides.

CREATE INDEX ride_by_started_at ON ride (started_at);
DROP INDEX ride_by_start;
CREATE INDEX ride_of_rider ON ride (rider_id);
DROP INDEX ride_by_rider;
CREATE INDEX ride_of_bike ON ride (bike_serial);
DROP INDEX ride_by_bike;
CREATE INDEX ride_of_stream ON ride (stream_key);
DROP INDEX ride_by_stream;
CREATE INDEX ride_live_of_bike ON ride (bike_serial) WHERE status = 'open';

CREATE INDEX ride_by_energy_kj ON ride (energy_kj) WHERE status <> 'open';
DROP INDEX ride_by_energy;
CREATE INDEX ride_by_power_mean_w ON ride (power_mean_w) WHERE status <> 'open' AND power_mean_w IS NOT NULL;
DROP INDEX ride_by_power;

DROP INDEX ride_to_learn;
CREATE INDEX ride_to_learn ON ride (started_at)
    WHERE status <> 'open' AND held_bpm IS NULL AND rider_id IS NOT NULL AND age_years IS NOT NULL;
