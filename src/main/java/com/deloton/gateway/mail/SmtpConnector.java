package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** Connects to the mail server as configured: encryption, trusted authorities, login. Blocks. Thread-safe. */
final class SmtpConnector {
    private final MailConfig config;

    SmtpConnector(MailConfig config) {
        this.config = config;
    }

    /**
     * The settings of a dialogue.
     *
     * @param utf8 whether addresses may contain non-ASCII local parts
     */
    Session session(boolean utf8) throws IOException, GeneralSecurityException {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.auth", String.valueOf(config.username() != null));
        properties.setProperty("mail.smtp.quitwait", "false");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        if (config.security() == Security.STARTTLS) {
            properties.setProperty("mail.smtp.starttls.enable", "true");
            properties.setProperty("mail.smtp.starttls.required", "true");
            properties.put("mail.smtp.ssl.socketFactory", tls());
        }
        if (utf8) {
            properties.setProperty("mail.mime.allowutf8", "true");
        }
        return Session.getInstance(properties);
    }

    /** Opens a session; {@code deadline} closes the socket when it expires. */
    SmtpDialogue connect(Session session, Deadline deadline)
            throws IOException, GeneralSecurityException, MessagingException {
        Socket socket = new Socket();
        deadline.watch(socket);
        // The name goes with the address, or the certificate would be checked against the name of a reverse lookup.
        byte[] address = InetAddress.getByName(config.host()).getAddress();
        socket.connect(new InetSocketAddress(InetAddress.getByAddress(config.host(), address), config.port()));
        socket.setTcpNoDelay(true);
        URLName url = new URLName("smtp", config.host(), config.port(), null, config.username(), config.password());
        SmtpDialogue dialogue =
                new SmtpDialogue(session, url, config.security() == Security.TLS ? encrypted(socket) : socket);
        deadline.start(dialogue);
        dialogue.open();
        if (config.username() != null && !dialogue.supportsExtension("AUTH")) {
            throw new MessagingException("the mail server does not offer AUTH, which mail.user needs");
        }
        return dialogue;
    }

    private Socket encrypted(Socket socket) throws IOException, GeneralSecurityException {
        SSLSocket encrypted = (SSLSocket) tls().createSocket(socket, config.host(), config.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private SSLSocketFactory tls() throws IOException, GeneralSecurityException {
        if (config.trustCert() == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(config.trustCert())) {
            int i = 0;
            for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + i++, authority);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
