package com.deloton.gateway.mail;

import org.jspecify.annotations.Nullable;

/** The result of one attempt to send a mail. Answers contain no address. */
public sealed interface DeliveryResult {
    /** The mail server accepted the mail. */
    record Accepted(String messageId) implements DeliveryResult {}

    /**
     * The mail server did not accept the mail, but may do so later.
     *
     * @param code SMTP reply code; null without an answer
     */
    record Deferred(@Nullable Integer code, String answer) implements DeliveryResult {}

    /**
     * The mail will never be accepted.
     *
     * @param code SMTP reply code; null without an answer
     */
    record Refused(@Nullable Integer code, String answer) implements DeliveryResult {}

    /** The mail server has the complete mail and did not answer: it may or may not deliver it. */
    record Unconfirmed(String answer) implements DeliveryResult {}

    /** Nothing was sent, because another gateway has taken the claim over. */
    record ClaimLost() implements DeliveryResult {}
}
