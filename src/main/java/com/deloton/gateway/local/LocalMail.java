package com.deloton.gateway.local;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserImpl;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Address;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mail server on the loopback interface that accepts mail for any recipient, stores it in one mailbox in memory and
 * forwards none. SMTP needs no login, IMAP needs {@value #USER} and {@value #PASSWORD}. The mailbox holds the newest
 * {@value #KEPT} mails.
 */
public final class LocalMail implements AutoCloseable {
    public static final String USER = "deloton";
    public static final String PASSWORD = "deloton";
    public static final int KEPT = 1000;

    private static final String HOST = "localhost";
    private static final String LOOPBACK = "127.0.0.1";
    private static final String ENVELOPE_RECIPIENT = "Delivered-To";
    private static final long START_WAIT_MS = 20_000;

    private final GreenMail server;
    private final MailFolder inbox;

    private LocalMail(GreenMail server, MailFolder inbox) {
        this.server = server;
        this.inbox = inbox;
    }

    /**
     * A received mail.
     *
     * @param to the recipients of the envelope, blind copies included
     * @param date the header {@code Date}, or the time of arrival without one
     * @param message read only
     */
    public record Mail(String subject, String from, List<String> to, Instant date, MimeMessage message) {}

    /** Starts the server; port 0 is any free port. */
    public static LocalMail start(int smtpPort, int imapPort) {
        return start(smtpPort, imapPort, KEPT);
    }

    static LocalMail start(int smtpPort, int imapPort, int kept) {
        GreenMail server = new GreenMail(new ServerSetup[] {
            setup(smtpPort, ServerSetup.PROTOCOL_SMTP), setup(imapPort, ServerSetup.PROTOCOL_IMAP)
        });
        GreenMailUser owner = server.setUser("deloton@example.com", USER, PASSWORD);
        try {
            MailFolder inbox = server.getManagers().getImapHostManager().getInbox(owner);
            server.getUserManager()
                    .setMessageDeliveryHandler((mail, recipient) -> storeOnce(mail, recipient, inbox, kept));
            server.start();
            return new LocalMail(server, inbox);
        } catch (FolderException | RuntimeException e) {
            server.stop();
            throw new LocalServers.StartException("the mail server failed to start: " + e.getMessage(), e);
        }
    }

    public String host() {
        return HOST;
    }

    public int smtpPort() {
        return server.getSmtp().getPort();
    }

    public int imapPort() {
        return server.getImap().getPort();
    }

    /** The received mails, oldest first. */
    public List<Mail> mails() {
        return inbox.getNonDeletedMessages().stream()
                .map(stored -> read(stored.getMimeMessage(), stored.getReceivedDate()))
                .toList();
    }

    public void clear() {
        inbox.deleteAllMessages();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static ServerSetup setup(int port, String protocol) {
        ServerSetup setup = new ServerSetup(port, LOOPBACK, protocol);
        setup.setServerStartupTimeout(START_WAIT_MS);
        return setup;
    }

    /** GreenMail delivers once per recipient: the first delivery stores the mail, the others are dropped. */
    private static GreenMailUser storeOnce(MovingMessage mail, MailAddress recipient, MailFolder inbox, int kept)
            throws MessagingException {
        if (mail.getToAddresses().iterator().next().equals(recipient)) {
            for (MailAddress to : mail.getToAddresses()) {
                mail.getMessage().addHeader(ENVELOPE_RECIPIENT, to.getEmail());
            }
            return new Inbox(inbox, kept);
        }
        return new Discard();
    }

    private static Mail read(MimeMessage message, Date caught) {
        try {
            Date sent = message.getSentDate();
            return new Mail(
                    nullToEmpty(message.getSubject()),
                    addresses(message.getFrom()),
                    Stream.of(message.getHeader(ENVELOPE_RECIPIENT)).toList(),
                    (sent == null ? caught : sent).toInstant(),
                    message);
        } catch (MessagingException e) {
            throw new IllegalStateException("a received mail cannot be read", e);
        }
    }

    private static String nullToEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String addresses(Address @Nullable [] from) {
        return from == null ? "" : InternetAddress.toUnicodeString(from);
    }

    private static final class Inbox extends UserImpl {
        private final MailFolder folder;
        private final int kept;

        Inbox(MailFolder folder, int kept) {
            super("deloton@example.com", USER, PASSWORD, null);
            this.folder = folder;
            this.kept = kept;
        }

        @Override
        public void deliver(MovingMessage mail) {
            synchronized (folder) {
                try {
                    folder.store(mail);
                    dropOldest();
                } catch (Exception e) {
                    throw new IllegalStateException("a mail cannot be stored", e);
                }
            }
        }

        private void dropOldest() throws FolderException {
            long[] uids = folder.getMessageUids();
            for (int i = 0; i < uids.length - kept; i++) {
                folder.setFlags(new Flags(Flags.Flag.DELETED), true, uids[i], null, false);
            }
            if (uids.length > kept) {
                folder.expunge();
            }
        }
    }

    private static final class Discard extends UserImpl {
        Discard() {
            super("deloton@example.com", USER, PASSWORD, null);
        }

        @Override
        public void deliver(MovingMessage mail) {}
    }
}
