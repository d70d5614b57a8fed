package com.deloton.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A mail server that answers as a test wants it to. */
public final class ScriptedSmtp implements AutoCloseable {
    private final ServerSocket server;
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private volatile UnaryOperator<String> toRecipient = address -> "250 fine";
    private volatile UnaryOperator<String> toMail = mail -> "250 taken";

    public ScriptedSmtp() {
        this(0);
    }

    /** On a port; 0 is any free one. */
    public ScriptedSmtp(int port) {
        try {
            server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::listen);
    }

    /** How it answers a recipient's address. */
    public void toRecipient(UnaryOperator<String> answer) {
        toRecipient = answer;
    }

    /** How it answers a whole mail. */
    public void toMail(UnaryOperator<String> answer) {
        toMail = answer;
    }

    /** The mails it has answered with 250, headers included. */
    public List<String> mails() {
        return mails;
    }

    public int port() {
        return server.getLocalPort();
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                OutputStream out = socket.getOutputStream()) {
            say(out, "220 scripted ESMTP");
            String line;
            while ((line = in.readLine()) != null) {
                String command = line.toUpperCase(Locale.ROOT);
                if (command.startsWith("RCPT TO:")) {
                    say(out, toRecipient.apply(line.substring(line.indexOf('<') + 1, line.indexOf('>'))));
                } else if (command.equals("DATA")) {
                    say(out, "354 go on");
                    String mail = mail(in);
                    String answer = toMail.apply(mail);
                    if (answer.startsWith("250")) {
                        mails.add(mail);
                    }
                    say(out, answer);
                } else if (command.equals("QUIT")) {
                    say(out, "221 bye");
                    return;
                } else {
                    say(out, "250 scripted");
                }
            }
        } catch (IOException gone) {
            // so is the client
        }
    }

    private static String mail(BufferedReader in) throws IOException {
        StringBuilder mail = new StringBuilder();
        String line;
        while ((line = in.readLine()) != null && !line.equals(".")) {
            mail.append(line).append('\n');
        }
        return mail.toString();
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
