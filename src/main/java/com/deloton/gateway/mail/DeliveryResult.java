package com.deloton.gateway.mail;

import org.jspecify.annotations.Nullable;

/**
 * What has become of an attempt to send. Answers name no address.
 */
public sealed interface DeliveryResult {
    /** The mail server has taken the mail over. */
    record Accepted(String messageId) implements DeliveryResult {}

    /**
     * It may be taken later.
     *
     * @param code the server's, or null if there was no answer
     */
    record Deferred(@Nullable Integer code, String answer) implements DeliveryResult {}

    /** It never will be. */
    record Refused(@Nullable Integer code, String answer) implements DeliveryResult {}
}
