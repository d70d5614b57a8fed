package com.deloton.gateway.api.rides;

import com.deloton.gateway.api.query.Json;
import com.deloton.gateway.ride.Reading;
import com.deloton.gateway.ride.RideSeries;
import com.deloton.gateway.ride.RideSummary;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A ride as a Garmin Training Center Database v2 document: an activity of one lap, watts as Activity Extension v2. It
 * has no personal data. The time of a trackpoint is the start of the ride plus the second of the reading: GoldenCheetah drops
 * points that are less than a second apart.
 */
final class Tcx {
    static final String MEDIA_TYPE = "application/vnd.garmin.tcx+xml";

    private static final String NS = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2";
    private static final String EXTENSION = "http://www.garmin.com/xmlschemas/ActivityExtension/v2";
    private static final int BYTES_PER_POINT = 320;
    private static final int MAX_CADENCE = 254;

    private Tcx() {}

    static Buffer of(RideReadings.RideWithReadings ride) {
        RideSeries series = ride.series();
        ByteArrayOutputStream out = new ByteArrayOutputStream(2_048 + series.readings() * BYTES_PER_POINT);
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            write(xml, ride);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return Buffer.buffer(out.toByteArray());
    }

    private static void write(XMLStreamWriter xml, RideReadings.RideWithReadings ride) throws XMLStreamException {
        Instant startedAt = ride.row().getOffsetDateTime("started_at").toInstant();
        String start = Json.millis(startedAt);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("TrainingCenterDatabase");
        xml.writeDefaultNamespace(NS);
        xml.writeStartElement("Activities");
        xml.writeStartElement("Activity");
        xml.writeAttribute("Sport", "Biking");
        element(xml, "Id", start);
        xml.writeStartElement("Lap");
        xml.writeAttribute("StartTime", start);
        lap(xml, ride.summary());
        track(xml, ride.series(), startedAt);
        xml.writeEndDocument();
    }

    /** The schema does not allow an empty track. */
    private static void track(XMLStreamWriter xml, RideSeries series, Instant startedAt) throws XMLStreamException {
        if (series.readings() == 0) {
            return;
        }
        xml.writeStartElement("Track");
        for (int s = series.firstS(); s <= series.lastS(); s++) {
            if (series.has(s)) {
                point(xml, startedAt.plusSeconds(s), series.get(s));
            }
        }
        xml.writeEndElement();
    }

    private static void lap(XMLStreamWriter xml, RideSummary summary) throws XMLStreamException {
        element(xml, "TotalTimeSeconds", summary.durationS());
        element(xml, "DistanceMeters", 0);
        element(xml, "Calories", Math.min(65_535, Math.round(summary.energyKj())));
        heartRate(xml, "AverageHeartRateBpm", rounded(summary.heartRateMeanBpm()));
        heartRate(xml, "MaximumHeartRateBpm", summary.heartRateMaxBpm());
        element(xml, "Intensity", "Active");
        Integer cadence = rounded(summary.cadenceMeanRpm());
        if (cadence != null) {
            element(xml, "Cadence", Math.min(MAX_CADENCE, cadence));
        }
        element(xml, "TriggerMethod", "Manual");
    }

    private static void point(XMLStreamWriter xml, Instant at, Reading reading) throws XMLStreamException {
        xml.writeStartElement("Trackpoint");
        element(xml, "Time", Json.millis(at));
        heartRate(xml, "HeartRateBpm", reading.hasHeartRate() ? (Integer) reading.heartRateBpm() : null);
        if (reading.cadenceRpm() != Reading.ABSENT) {
            element(xml, "Cadence", Math.min(MAX_CADENCE, reading.cadenceRpm()));
        }
        if (reading.hasPower()) {
            xml.writeStartElement("Extensions");
            xml.writeStartElement("TPX");
            xml.writeDefaultNamespace(EXTENSION);
            element(xml, "Watts", Math.round(reading.powerW()));
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static void heartRate(XMLStreamWriter xml, String name, @Nullable Integer bpm) throws XMLStreamException {
        if (bpm != null) {
            xml.writeStartElement(name);
            element(xml, "Value", bpm);
            xml.writeEndElement();
        }
    }

    private static void element(XMLStreamWriter xml, String name, Object value) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(value.toString());
        xml.writeEndElement();
    }

    private static @Nullable Integer rounded(@Nullable Double value) {
        return value == null ? null : (Integer) (int) Math.round(value);
    }
}
