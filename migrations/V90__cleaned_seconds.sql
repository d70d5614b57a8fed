-- How much of a ride was corrected: the seconds whose record has a value or a time that was removed or replaced.

ALTER TABLE reading_chunk ADD COLUMN cleaned_s integer[];
COMMENT ON COLUMN reading_chunk.cleaned_s IS 'The seconds of the ride with a removed value or a replaced time; NULL if there are none.';

ALTER TABLE ride_series ADD COLUMN cleaned_s integer[];
COMMENT ON COLUMN ride_series.cleaned_s IS
    'The seconds of the ride with a removed value or a replaced time; NULL if an earlier version has stored the ride.';
