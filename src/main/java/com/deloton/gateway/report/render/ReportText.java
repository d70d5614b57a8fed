package com.deloton.gateway.report.render;

import static com.deloton.gateway.report.figures.NumberFormats.change;
import static com.deloton.gateway.report.figures.NumberFormats.count;
import static com.deloton.gateway.report.figures.NumberFormats.share;
import static com.deloton.gateway.report.figures.NumberFormats.unit;

import com.deloton.gateway.report.figures.DailyFigures;
import com.deloton.gateway.report.figures.DailyFigures.Acknowledgements;
import com.deloton.gateway.report.figures.DailyFigures.Alerts;
import com.deloton.gateway.report.figures.DailyFigures.Counts;
import com.deloton.gateway.report.figures.DailyFigures.Quality;
import com.deloton.gateway.report.figures.NumberFormats;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The sentences of a report, shared by all its forms. */
final class ReportText {
    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.UK);
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("EEEE d MMMM uuuu", Locale.UK);
    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEEE", Locale.UK);
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm zzz", Locale.UK);

    private static final String HEART_RATE = "Mean heart rate";

    private final DailyFigures figures;
    private final Counts now;
    private final Counts dayBefore;
    private final Counts weekBefore;

    /** A key figure with its changes against the day before and the same weekday last week; a dash without a value there. */
    record Tile(String label, String value, String more, String onDay, String onWeek, boolean moreIsBetter) {}

    ReportText(DailyFigures figures) {
        this.figures = figures;
        now = figures.totals().counts();
        dayBefore = figures.dayBefore().counts();
        weekBefore = figures.weekBefore().counts();
    }

    /** One line, without the revision. */
    String subject() {
        String change = change(now.rides(), dayBefore.rides());
        return "Deloton daily report – %s – %s%s"
                .formatted(
                        SHORT.format(figures.day().date()),
                        figures.isEmpty() ? "no rides" : count(now.rides(), "ride", "rides"),
                        figures.isEmpty() || change.equals(NumberFormats.NONE) ? "" : " (" + change + ")")
                .replace('\u00a0', ' ');
    }

    String date() {
        return LONG.format(figures.day().date());
    }

    String period() {
        Duration day = Duration.between(figures.day().start(), figures.day().end());
        String minutes = day.toMinutesPart() == 0 ? "" : " " + day.toMinutesPart() + " minutes";
        String length = day.toHours() == 24 && minutes.isEmpty()
                ? ""
                : ", %d hours%s: the clocks changed".formatted(day.toHours(), minutes);
        return "Midnight to midnight, " + figures.day().zone().getId().replace('_', ' ') + length;
    }

    String lastWeekday() {
        return "last " + WEEKDAY.format(figures.day().date());
    }

    String headline() {
        if (figures.isEmpty()) {
            return "No rides started on " + date() + ".";
        }
        String riders = now.riders() == 0 ? "" : " by " + count(now.riders(), "rider", "riders");
        return count(now.rides(), "ride", "rides") + riders + "; " + against() + ".";
    }

    private String against() {
        return against("the day before", dayBefore) + ", " + against(lastWeekday(), weekBefore);
    }

    private String against(String when, Counts then) {
        return then.rides() == 0 ? "none " + when : change(now.rides(), then.rides()) + " on " + when;
    }

    /** The sentences of a day without rides. */
    List<String> empty() {
        String earlier = dayBefore.rides() == 0 && weekBefore.rides() == 0
                ? "There were none the day before or %s either.".formatted(lastWeekday())
                : "There were %s the day before and %s %s."
                        .formatted(
                                count(dayBefore.rides(), "ride", "rides"),
                                count(weekBefore.rides(), "ride", "rides"),
                                lastWeekday());
        String records = figures.quality().quarantined() == 0
                ? "The gateway was ready when this report was made, and no record of that day was quarantined."
                : "That day has %s: this is a fault, not a quiet day."
                        .formatted(count(figures.quality().quarantined(), "quarantined record", "quarantined records"));
        return List.of(earlier, records);
    }

    List<Tile> tiles() {
        return List.of(
                tile(
                        "Rides",
                        count(now.rides()),
                        NumberFormats.time(now.durationS()),
                        now.rides(),
                        dayBefore.rides(),
                        weekBefore.rides()),
                tile(
                        "Riders",
                        count(now.riders()),
                        unit(now.energyKj(), "kJ") + " in all",
                        now.riders(),
                        dayBefore.riders(),
                        weekBefore.riders()),
                tile(
                        "Mean power",
                        unit(now.powerMeanW(), "W"),
                        unit(figures.totals().riderPowerMeanW(), "W") + " a rider",
                        now.powerMeanW(),
                        dayBefore.powerMeanW(),
                        weekBefore.powerMeanW()),
                tile(
                        HEART_RATE,
                        unit(now.heartRateMeanBpm(), "bpm"),
                        unit(figures.totals().riderHeartRateMeanBpm(), "bpm") + " a rider",
                        now.heartRateMeanBpm(),
                        dayBefore.heartRateMeanBpm(),
                        weekBefore.heartRateMeanBpm()));
    }

    private static Tile tile(
            String label,
            String value,
            String more,
            @Nullable Number now,
            @Nullable Number day,
            @Nullable Number week) {
        return new Tile(label, value, more, change(now, day), change(now, week), !label.equals(HEART_RATE));
    }

    String alerts() {
        Alerts alerts = figures.alerts();
        if (alerts.raised() == 0) {
            return "No rider's heart rate stayed outside its range.";
        }
        StringBuilder text = new StringBuilder("%s of %s, %s critical: %s mailed"
                .formatted(
                        count(alerts.raised(), "alert", "alerts"),
                        count(alerts.riders(), "rider", "riders"),
                        alerts.critical() == 0 ? "none" : count(alerts.critical()),
                        count(alerts.mailed())));
        append(text, alerts.waiting(), "waiting");
        append(text, alerts.failed(), "failed");
        append(text, alerts.quiet(), "recorded only");
        text.append("; ").append(acknowledgements(alerts.acknowledgements()));
        if (alerts.sensorFaults() > 0) {
            text.append("; ")
                    .append(count(alerts.sensorFaults(), "rider", "riders"))
                    .append(" answered that the sensor was wrong");
        }
        return text.append('.').toString();
    }

    private static String acknowledgements(Acknowledgements done) {
        if (done.number() == 0) {
            return "none acknowledged";
        }
        String after = done.number() == 1 ? " after " : " after a median of ";
        StringBuilder text =
                new StringBuilder(count(done.number()) + " acknowledged" + after + seconds(done.medianS()));
        if (done.number() > 1) {
            text.append(", the slowest after ").append(seconds(done.slowestS()));
        }
        append(text, done.missing(), "not acknowledged");
        return text.toString();
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? NumberFormats.NONE : NumberFormats.time(Math.round(seconds));
    }

    private static void append(StringBuilder text, int number, String what) {
        if (number > 0) {
            text.append(", ").append(count(number)).append(' ').append(what);
        }
    }

    String quality() {
        Quality quality = figures.quality();
        StringBuilder text = new StringBuilder(
                "%s readings of %s expected (%s); %s without a heart rate, which the means leave out; %s."
                        .formatted(
                                count(quality.received()),
                                count(quality.expected()),
                                share(quality.received(), quality.expected()),
                                share(quality.withoutHeartRate(), quality.received()),
                                quality.quarantined() == 0
                                        ? "no record quarantined"
                                        : count(quality.quarantined(), "record", "records") + " quarantined"));
        sentence(
                text,
                quality.open(),
                "was still open; its readings so far are counted",
                "were still open; their readings so far are counted");
        sentence(
                text,
                quality.abandoned(),
                "was abandoned: its bike stopped sending",
                "were abandoned: their bikes stopped sending");
        sentence(text, quality.unnamed(), "has no known rider", "have no known rider");
        return text.toString();
    }

    private static void sentence(StringBuilder text, int rides, String one, String more) {
        if (rides > 0) {
            text.append(' ')
                    .append(count(rides, "ride ", "rides "))
                    .append(rides == 1 ? one : more)
                    .append('.');
        }
    }

    String rules() {
        return "A ride belongs to the day it started. Means are over measured seconds, so a long ride weighs more; “a rider” is the mean of the riders' means.";
    }

    String made() {
        ZonedDateTime at = figures.takenAt().atZone(figures.day().zone());
        return "Made by the Deloton gateway, " + MOMENT.format(at) + ".";
    }
}
