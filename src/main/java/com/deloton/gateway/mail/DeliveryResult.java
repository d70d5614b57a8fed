package com.deloton.gateway.mail;

import org.jspecify.annotations.Nullable;

/** The result of one attempt to send a mail. Answers contain no address. */
public sealed interface DeliveryResult {
    /** The mail server accepted the mail. */
    record Accepted(String messageId) implements DeliveryResult {}

    /**
     * The mail may be accepted later.
     *
     * @param code SMTP reply code; null without an answer
     */
    record Deferred(@Nullable Integer code, String answer) implements DeliveryResult {}

    /** The mail will never be accepted. */
    record Refused(@Nullable Integer code, String answer) implements DeliveryResult {}
}
