package com.deloton.gateway.mail;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/** A connection to a mail server that records how far a mail has come, and the first rejection. Not thread-safe. */
final class SmtpDialogue extends SMTPTransport {
    private final Socket socket;
    private Stage stage = Stage.SESSION;
    private Runnable beforeData = () -> {};
    private Runnable beforeFinalDot = () -> {};
    private @Nullable Answer rejection;

    /** The part of the dialogue that an answer belongs to. */
    enum Stage {
        /** Connection, greeting, EHLO, STARTTLS and AUTH. */
        SESSION,
        MAIL_FROM,
        RCPT_TO,
        DATA,
        /** From the sending of the final dot: without an answer, the server may have accepted the mail. */
        FINAL_DOT,
        ACCEPTED
    }

    /** A reply of 400 or above. */
    record Answer(int code, String text) {}

    SmtpDialogue(Session session, URLName url, Socket socket) {
        super(session, url);
        this.socket = socket;
    }

    /** Reads the greeting and establishes the session. */
    void open() throws MessagingException {
        connect(socket);
    }

    /** Prepares for the next mail; an exception of either action ends the dialogue before that step. */
    void expect(Runnable beforeData, Runnable beforeFinalDot) {
        this.beforeData = beforeData;
        this.beforeFinalDot = beforeFinalDot;
        rejection = null;
        stage = Stage.SESSION;
    }

    Stage stage() {
        return stage;
    }

    /** The first rejection of the current stage; null without one. */
    @Nullable
    Answer rejection() {
        return rejection;
    }

    private void enter(Stage next) {
        stage = next;
        rejection = null;
    }

    @Override
    protected void mailFrom() throws MessagingException {
        enter(Stage.MAIL_FROM);
        super.mailFrom();
    }

    @Override
    protected void rcptTo() throws MessagingException {
        enter(Stage.RCPT_TO);
        super.rcptTo();
    }

    @Override
    protected OutputStream data() throws MessagingException {
        beforeData.run();
        enter(Stage.DATA);
        return super.data();
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        beforeFinalDot.run();
        enter(Stage.FINAL_DOT);
        super.finishData();
        enter(Stage.ACCEPTED);
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        int code = super.readServerResponse();
        if (code >= 400 && rejection == null) {
            rejection = new Answer(code, getLastServerResponse());
        }
        return code;
    }
}
