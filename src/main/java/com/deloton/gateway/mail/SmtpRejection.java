package com.deloton.gateway.mail;

import com.deloton.gateway.mail.SmtpDialogue.Answer;
import com.deloton.gateway.mail.SmtpDialogue.Stage;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides whether a rejection concerns the mail or the mail server. Only answers to RCPT TO and to the final dot concern
 * the mail, and of these only permanent ones that are about neither the session, nor the protocol, nor a quota, nor, at
 * RCPT TO, a policy: servers postpone the rejection of a client until then.
 */
final class SmtpRejection {
    /** RFC 5321: protocol errors; RFC 7504: no mail accepted; RFC 4954 and RFC 3207: login or encryption required. */
    private static final Set<Integer> SESSION_CODES = Set.of(500, 502, 503, 504, 521, 523, 530, 534, 535, 538);
    /** RFC 3463: mailbox full; system full, not accepting mail or misconfigured; routing and quotas; protocol. */
    private static final Pattern SERVER_STATUS =
            Pattern.compile("\\d{3}[ -][45]\\.(2\\.2|3\\.[0125]|[45]\\.\\d+)\\b.*", Pattern.DOTALL);
    /** RFC 3463: security and policy. */
    private static final Pattern POLICY_STATUS = Pattern.compile("\\d{3}[ -][45]\\.7\\.\\d+\\b.*", Pattern.DOTALL);
    /** RFC 5321: 552 without a status is an exceeded storage allocation. */
    private static final Pattern STORAGE = Pattern.compile("552(?![ -]5\\.\\d).*", Pattern.DOTALL);

    private static final Pattern TEMPORARY_WORDS = Pattern.compile(
            "(?is).*\\b(over ?quota|quota|mailbox (is )?full|rate limit|limit exceeded|too many|gr[ea]ylist\\w*"
                    + "|temporar\\w+|try (again )?later)\\b.*");

    private SmtpRejection() {}

    /** Whether another attempt is useless. */
    static boolean isFinal(Stage stage, Answer answer) {
        return (stage == Stage.RCPT_TO || stage == Stage.FINAL_DOT)
                && answer.code() >= 500
                && !SESSION_CODES.contains(answer.code())
                && !SERVER_STATUS.matcher(answer.text()).matches()
                && !(stage == Stage.RCPT_TO
                        && POLICY_STATUS.matcher(answer.text()).matches())
                && !STORAGE.matcher(answer.text()).matches()
                && !TEMPORARY_WORDS.matcher(answer.text()).matches();
    }
}
