package com.deloton.gateway.faults;

import com.deloton.gateway.testing.ScriptedSmtp;
import com.deloton.gateway.testing.ScriptedSmtp.Stage;
import java.time.Duration;

/** What can happen to a gateway and its servers. A fault begins, lasts, and is healed. */
@SuppressWarnings("ImmutableEnumChecker") // the actions have no state
enum Fault {
    GATEWAY_KILLED(d -> d.gateways().kill(0), d -> d.gateways().start(0)),
    GATEWAY_SUSPENDED(d -> d.gateways().suspend(0), d -> d.gateways().resume(0)),
    GATEWAYS_RESTARTED_IN_TURN(d -> d.gateways().restartInTurn(), d -> {}),
    ALL_GATEWAYS_KILLED(d -> d.gateways().killAll(), d -> d.gateways().startAll()),
    CLOCK_10_MINUTES_AHEAD(d -> d.gateways().setClock(0, Duration.ofMinutes(10)), Fault::setClockRight),
    CLOCK_10_MINUTES_BEHIND(d -> d.gateways().setClock(0, Duration.ofMinutes(-10)), Fault::setClockRight),
    CLOCK_A_DAY_AHEAD(d -> d.gateways().setClock(0, Duration.ofDays(1)), Fault::setClockRight),
    CLOCK_A_DAY_BEHIND(d -> d.gateways().setClock(0, Duration.ofDays(-1)), Fault::setClockRight),
    DATABASE_STOPPED(d -> d.postgres().stop("INT"), d -> d.postgres().restart()),
    DATABASE_STOPPED_AT_ONCE(d -> d.postgres().stop("QUIT"), d -> d.postgres().restart()),
    DATABASE_SUSPENDED(d -> d.postgres().suspend(), d -> d.postgres().resume()),
    DATABASE_SESSIONS_KILLED(d -> d.postgres().killSessions(), d -> {}),
    DATABASE_CONNECTIONS_CUT(d -> d.databaseProxy().cut(), d -> {}),
    DATABASE_CONNECTIONS_DELAYED(
            d -> d.databaseProxy().delay(Duration.ofMillis(150)),
            d -> d.databaseProxy().heal()),
    DATABASE_CONNECTIONS_SILENT(d -> d.databaseProxy().silence(), d -> {}),
    DATABASE_DEAF(d -> d.databaseProxy().deafen(), d -> d.databaseProxy().heal()),
    COMMIT_ANSWER_LOST(
            d -> d.databaseProxy().dropAnswerTo("COMMIT"),
            d -> d.databaseProxy().heal()),
    DATABASE_READ_ONLY(d -> d.postgres().demoteSessions(), d -> d.postgres().promote()),
    DATABASE_DISK_FULL(d -> d.postgres().fillDisk(), d -> d.postgres().freeDisk()),
    DATABASE_TABLES_LOCKED(d -> d.postgres().lockTables(), d -> d.postgres().unlockTables()),
    BROKER_KILLED(d -> d.broker().kill(), d -> d.broker().restart()),
    BROKER_SUSPENDED(d -> d.broker().suspend(), d -> d.broker().resume()),
    TRANSACTION_ABORTED(Deployment::abortTransaction, d -> {}),
    TOPIC_PARTITION_ADDED(d -> d.broker().addPartition(), d -> {}),
    TOPIC_STORED_RECORDS_DELETED(Deployment::deleteStoredRecords, d -> {}),
    TOPIC_RECORD_TIMES_WRONG(Deployment::sendRecordsOfWrongTimes, d -> {}),
    MAIL_REFUSED_FOR_NOW(d -> d.mail().toMail(mail -> "451 try again later"), d -> d.mailAccepts()),
    MAIL_RECIPIENTS_REFUSED_FOR_NOW(d -> d.mail().toRecipient(to -> "450 mailbox busy"), d -> d.mailAccepts()),
    MAIL_GREETING_REFUSED(
            d -> d.mail().script(Stage.GREETING, line -> "554 no service here"),
            d -> d.mail().unscript(Stage.GREETING)),
    MAIL_EHLO_REFUSED(
            d -> d.mail().script(Stage.EHLO, line -> "502 not implemented"),
            d -> d.mail().unscript(Stage.EHLO)),
    MAIL_SENDER_OVER_QUOTA(
            d -> d.mail().script(Stage.MAIL, line -> "550 5.4.5 daily sending quota exceeded"),
            d -> d.mail().unscript(Stage.MAIL)),
    MAIL_SENDER_REFUSED_FOR_NOW(
            d -> d.mail().script(Stage.MAIL, line -> "451 try again later"),
            d -> d.mail().unscript(Stage.MAIL)),
    MAIL_RECIPIENTS_OVER_QUOTA(d -> d.mail().toRecipient(to -> "552 5.2.2 mailbox full"), d -> d.mailAccepts()),
    MAIL_DATA_REFUSED(
            d -> d.mail().script(Stage.DATA, line -> "554 no valid recipients"),
            d -> d.mail().unscript(Stage.DATA)),
    MAIL_CONTENT_REFUSED(Deployment::refuseContent, d -> d.mailAccepts()),
    MAIL_DATA_REFUSED_FOR_NOW(
            d -> d.mail().script(Stage.DATA, line -> "451 try again later"),
            d -> d.mail().unscript(Stage.DATA)),
    MAIL_CUT_BEFORE_ANSWER(d -> d.mail().toMail(mail -> ScriptedSmtp.CUT), d -> d.mailAccepts()),
    MAIL_CONNECTIONS_CUT(d -> d.mailProxy().cut(), d -> {}),
    MAIL_ANSWER_LOST(
            d -> d.mailProxy().dropAnswerTo("\r\n.\r\n"), d -> d.mailProxy().heal()),
    MAIL_DEAF(d -> d.mailProxy().deafen(), d -> d.mailProxy().heal()),
    MAIL_DRIPPING(
            d -> d.mailProxy().drip(Duration.ofMillis(200)), d -> d.mailProxy().heal()),
    WEBHOOK_FAILING(d -> d.webhooks().answerWith(503), d -> d.webhooks().accept()),
    WEBHOOK_REDIRECTING(d -> d.webhooks().answerWith(307), d -> d.webhooks().accept()),
    WEBHOOK_CONNECTIONS_CUT(d -> d.webhookProxy().cut(), d -> {}),
    WEBHOOK_ANSWER_LOST(
            d -> d.webhookProxy().dropAnswerTo("POST "), d -> d.webhookProxy().heal()),
    WEBHOOK_DEAF(d -> d.webhookProxy().deafen(), d -> d.webhookProxy().heal()),
    WEBHOOK_DRIPPING(
            d -> d.webhookProxy().drip(Duration.ofMillis(200)),
            d -> d.webhookProxy().heal());

    /** A step that changes the deployment. */
    private interface Action {
        void run(Deployment deployment) throws Exception;
    }

    private final Action begin;
    private final Action heal;

    Fault(Action begin, Action heal) {
        this.begin = begin;
        this.heal = heal;
    }

    void begin(Deployment deployment) throws Exception {
        begin.run(deployment);
    }

    void heal(Deployment deployment) throws Exception {
        heal.run(deployment);
    }

    private static void setClockRight(Deployment deployment) throws Exception {
        deployment.gateways().setClock(0, Duration.ZERO);
    }

    /** Whether a mail may be accepted and its mark lost, so that it is sent again. */
    boolean mayRepeatMails() {
        return this == MAIL_ANSWER_LOST || this == MAIL_DRIPPING || mayLoseMarks();
    }

    /** Whether an event may be accepted by the endpoint and its mark lost, so that it is posted again. */
    boolean mayRepeatWebhooks() {
        boolean hidesAnswers = this == WEBHOOK_CONNECTIONS_CUT
                || this == WEBHOOK_ANSWER_LOST
                || this == WEBHOOK_DEAF
                || this == WEBHOOK_DRIPPING;
        return hidesAnswers || mayLoseMarks();
    }

    private boolean mayLoseMarks() {
        return name().startsWith("GATEWAY")
                || name().startsWith("ALL_GATEWAYS")
                || name().startsWith("DATABASE_")
                || this == COMMIT_ANSWER_LOST;
    }

    /** Whether a gateway can be stopped while it lasts. */
    boolean leavesGatewaysRunning() {
        return !name().startsWith("GATEWAY") && !name().startsWith("ALL_GATEWAYS");
    }
}
