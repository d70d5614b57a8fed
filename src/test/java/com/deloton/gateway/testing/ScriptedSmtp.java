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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server whose answers a test scripts, stage by stage. */
public final class ScriptedSmtp implements AutoCloseable {
    /** Returned by a script: no answer, and the connection stays open. */
    public static final String SILENCE = "silence";
    /** Returned by a script: the connection is closed without an answer. */
    public static final String CUT = "cut";
    /** Returned by a script of {@link Stage#FINAL_DOT}: the mail is accepted, and the client does not get the answer. */
    public static final String ACCEPT_AND_CUT = "250 cut";

    public static final String ACCEPT_AND_SILENCE = "250 silence";
    /** Returned by a script: an answer that never ends, one byte every 20 ms. */
    public static final String DRIP = "drip";

    private final ServerSocket server;
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Map<Stage, Function<String, String>> scripts = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile List<String> extensions = List.of();
    private volatile @Nullable SSLContext tls;

    /** What is answered; the script gets the command line, the recipient's address or the mail. */
    public enum Stage {
        GREETING("220 scripted ESMTP"),
        EHLO("250 scripted"),
        MAIL("250 fine"),
        RCPT("250 fine"),
        DATA("354 go on"),
        FINAL_DOT("250 taken");

        private final String answer;

        Stage(String answer) {
            this.answer = answer;
        }
    }

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

    public void script(Stage stage, Function<String, String> script) {
        scripts.put(stage, script);
    }

    /** Answers that stage as if it had no script. */
    public void unscript(Stage stage) {
        scripts.remove(stage);
    }

    public void toRecipient(UnaryOperator<String> answer) {
        script(Stage.RCPT, answer);
    }

    public void toMail(UnaryOperator<String> answer) {
        script(Stage.FINAL_DOT, answer);
    }

    /** Service extensions that EHLO offers, such as {@code SMTPUTF8}. */
    public void offer(String... offered) {
        extensions = List.of(offered);
    }

    /** Offers STARTTLS with the certificate of {@code context}. */
    public void offerStartTls(SSLContext context) {
        tls = context;
        offer("STARTTLS");
    }

    /** The mails that the server accepted, headers included: the copies that it will deliver. */
    public List<String> mails() {
        return mails;
    }

    /** All command lines of all connections. */
    public List<String> commands() {
        return commands;
    }

    public int connections() {
        return connections.get();
    }

    public int port() {
        return server.getLocalPort();
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Connection(socket).run(true);
        } catch (IOException gone) {
            // so is the client
        }
    }

    private final class Connection {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            out = socket.getOutputStream();
        }

        void run(boolean greet) throws IOException {
            if (greet && !answer(Stage.GREETING, "")) {
                return;
            }
            String line;
            while ((line = in.readLine()) != null) {
                commands.add(line);
                if (!handle(line, line.toUpperCase(Locale.ROOT))) {
                    return;
                }
            }
        }

        private boolean handle(String line, String command) throws IOException {
            if (command.startsWith("EHLO")) {
                return answer(Stage.EHLO, line);
            } else if (command.startsWith("MAIL FROM:")) {
                return answer(Stage.MAIL, line);
            } else if (command.startsWith("RCPT TO:")) {
                return answer(Stage.RCPT, line.substring(line.indexOf('<') + 1, line.indexOf('>')));
            } else if (command.equals("DATA")) {
                return answer(Stage.DATA, line);
            } else if (command.equals("STARTTLS")) {
                say("220 go ahead");
                SSLContext context = java.util.Objects.requireNonNull(tls);
                SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
                secure.setUseClientMode(false);
                new Connection(secure).run(false);
                return false;
            } else if (command.equals("QUIT")) {
                say("221 bye");
                return false;
            }
            say("250 scripted");
            return true;
        }

        /** False if the connection ends. */
        @SuppressWarnings("RefactorSwitch")
        private boolean answer(Stage stage, String input) throws IOException {
            String answer = scripts.getOrDefault(stage, ignored -> stage.answer).apply(input);
            if (stage == Stage.FINAL_DOT && answer.startsWith("250")) {
                mails.add(input);
            }
            switch (answer) {
                case SILENCE, ACCEPT_AND_SILENCE -> {
                    while (in.read() >= 0) {
                        // the client may send what it likes
                    }
                    return false;
                }
                case CUT, ACCEPT_AND_CUT -> {
                    return false;
                }
                case DRIP -> {
                    drip();
                    return false;
                }
                default -> {
                    if (stage == Stage.EHLO && answer.startsWith("250") && !extensions.isEmpty()) {
                        say("250-scripted");
                        for (String extension : extensions) {
                            say("250-" + extension);
                        }
                    }
                    say(answer);
                    return (!answer.startsWith("421") && stage != Stage.DATA)
                            || (answer.startsWith("354") && answer(Stage.FINAL_DOT, mail()));
                }
            }
        }

        private void drip() throws IOException {
            while (true) {
                out.write("220-x\r\n".charAt(0));
                out.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }

        private String mail() throws IOException {
            StringBuilder mail = new StringBuilder();
            String line;
            while ((line = in.readLine()) != null) {
                if (line.equals(".")) {
                    return mail.toString();
                }
                mail.append(line).append('\n');
            }
            throw new IOException("the client closed the connection before the final dot");
        }

        private void say(String line) throws IOException {
            out.write((line + "\r\n").getBytes(UTF_8));
            out.flush();
        }
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
