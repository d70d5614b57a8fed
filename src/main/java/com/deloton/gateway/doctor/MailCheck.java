package com.deloton.gateway.doctor;

import com.deloton.gateway.config.MailConfig;
import com.deloton.gateway.config.MailConfig.Security;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * The mail server greets and, if {@code mail.security} is {@code starttls}, offers STARTTLS. Sends no mail; does not check
 * certificate and login.
 */
record MailCheck(MailConfig mail) implements Callable<List<Finding>> {
    private static final int TIMEOUT_MS = 8_000;
    private static final int MAX_LINES = 50;

    @Override
    public List<Finding> call() {
        String address = mail.host() + ":" + mail.port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(mail.host(), mail.port()), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            if (mail.security() == Security.TLS) {
                return List.of(Finding.ok("mail", address + " accepts connections; TLS is not checked"));
            }
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String greeting = reply(in);
            if (!greeting.startsWith("220")) {
                return List.of(Finding.fail(
                        "mail",
                        "%s is not ready for SMTP: '%s'; check mail.host and mail.port".formatted(address, greeting)));
            }
            socket.getOutputStream().write("EHLO deloton-gateway\r\n".getBytes(StandardCharsets.US_ASCII));
            boolean starttls = reply(in).toUpperCase(Locale.ROOT).contains("STARTTLS");
            socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            return List.of(
                    mail.security() == Security.STARTTLS && !starttls
                            ? Finding.fail(
                                    "mail",
                                    address
                                            + " does not offer STARTTLS, so no mail is sent; set mail.security to tls, or"
                                            + " to plain for a server on this machine")
                            : Finding.ok("mail", address + " is ready for SMTP"));
        } catch (IOException e) {
            return List.of(Finding.fail(
                    "mail",
                    "%s does not answer: %s; check mail.host and mail.port".formatted(address, Doctor.reason(e))));
        }
    }

    /** All lines of a reply; the last one has a space after its code. */
    private static String reply(BufferedReader in) throws IOException {
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < MAX_LINES; i++) {
            String line = in.readLine();
            if (line == null) {
                break;
            }
            reply.append(reply.isEmpty() ? "" : "\n").append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                break;
            }
        }
        return reply.toString();
    }
}
