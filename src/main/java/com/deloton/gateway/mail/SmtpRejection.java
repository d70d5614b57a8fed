package com.deloton.gateway.mail;

import com.deloton.gateway.mail.SmtpDialogue.Answer;
import com.deloton.gateway.mail.SmtpDialogue.Stage;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether a rejection concerns the mail or the mail server. Only answers to RCPT TO and to the final dot concern
 * the mail, and of these only permanent ones without a code for authentication, quota or a full system.
 */
final class SmtpRejection {
    /** RFC 4954 and RFC 3207: authentication or encryption is required. */
    private static final Set<Integer> SESSION_CODES = Set.of(523, 530, 534, 535, 538);
    /** RFC 3463: mailbox full, system full, system not accepting mail, relay quota or congestion. */
    private static final Pattern SERVER_STATUS =
            Pattern.compile("\\d{3}[ -][45]\\.(2\\.2|3\\.1|3\\.2|4\\.5)\\b.*", Pattern.DOTALL);

    private SmtpRejection() {}

    /** Whether another attempt is useless. */
    static boolean isFinal(Stage stage, Answer answer) {
        return (stage == Stage.RCPT_TO || stage == Stage.FINAL_DOT)
                && answer.code() >= 500
                && !SESSION_CODES.contains(answer.code())
                && !SERVER_STATUS.matcher(answer.text()).matches();
    }
}
