package com.deloton.gateway.alert;

/** The sentences of a mail that depend on the rule that the alert broke. */
final class RuleWords {
    private RuleWords() {}

    static String subject(AlertNotification notification) {
        return switch (notification.rule()) {
            case RANGE -> "Your heart rate is %s your range: %d bpm".formatted(side(notification), notification.bpm());
            case NOT_PEDALLING ->
                "Your heart rate is high while you are not pedalling: %d bpm".formatted(notification.bpm());
            case NO_RECOVERY ->
                "Your heart rate has hardly fallen since your effort: %d bpm".formatted(notification.bpm());
        };
    }

    /** @param time when the heart rate was measured, such as {@code At 10:15} */
    static String pastSubject(AlertNotification notification, String time) {
        return switch (notification.rule()) {
            case RANGE ->
                "%s your heart rate was %s your range: %d bpm".formatted(time, side(notification), notification.bpm());
            case NOT_PEDALLING ->
                "%s your heart rate was high while you were not pedalling: %d bpm".formatted(time, notification.bpm());
            case NO_RECOVERY ->
                "%s your heart rate had hardly fallen since your effort: %d bpm".formatted(time, notification.bpm());
        };
    }

    /** @param ride such as {@code On your bike ride at 10:15} */
    static String lead(AlertNotification notification, String ride) {
        return switch (notification.rule()) {
            case RANGE ->
                "%s we measured a heart rate %s the range expected for you, several times in a row."
                        .formatted(ride, side(notification));
            case NOT_PEDALLING ->
                "%s we measured a high heart rate for ten seconds while you were not pedalling.".formatted(ride);
            case NO_RECOVERY -> "%s your heart rate hardly fell in the two minutes after an effort.".formatted(ride);
        };
    }

    static String advice(AlertNotification notification) {
        return switch (notification.rule()) {
            case RANGE ->
                notification.high()
                        ? "Please slow down and let your heart rate come down."
                        : "Please stop for a moment.";
            case NOT_PEDALLING, NO_RECOVERY -> "Please rest until your heart rate has come down.";
        };
    }

    /** What {@link #limits} are. */
    static String limitsLabel(AlertNotification notification) {
        return switch (notification.rule()) {
            case RANGE -> "Your range";
            case NOT_PEDALLING, NO_RECOVERY -> "Your limit at rest";
        };
    }

    static String limits(AlertNotification notification) {
        return switch (notification.rule()) {
            case RANGE ->
                "%d to %d beats per minute"
                        .formatted(
                                notification.limits().minBpm(),
                                notification.limits().maxBpm());
            case NOT_PEDALLING, NO_RECOVERY ->
                "%d beats per minute".formatted(notification.limits().maxBpm());
        };
    }

    private static String side(AlertNotification notification) {
        return (notification.critical() ? "far " : "") + (notification.high() ? "above" : "below");
    }
}
