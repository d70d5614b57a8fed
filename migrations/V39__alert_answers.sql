-- What riders answer to an alert mail.

ALTER TABLE alert ADD COLUMN rider_answer text CHECK (rider_answer IN ('sensor_fault'));
COMMENT ON COLUMN alert.rider_answer IS 'sensor_fault: the rider says that the sensor was wrong. NULL without such an answer.';
COMMENT ON COLUMN alert.acknowledged_at IS 'The first acknowledgement: by the page that the mail links, or by the API.';
