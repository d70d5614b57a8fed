package com.deloton.gateway.tableau;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import com.deloton.gateway.config.settings.Secret;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** Against a server that answers as Tableau Server does, and keeps what it was sent. */
class PublisherIT {
    private static final AnalystConfig WHERE = new AnalystConfig(
            "warehouse.example.com", 5433, "deloton", SslMode.VERIFY_FULL, "tableau", Duration.ofMinutes(5));
    private static final String SITE = "9a8b7c6d-5e4f-3a2b-1c0d-9e8f7a6b5c4d";

    private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Answer> answers = new ConcurrentHashMap<>(Map.of(
            "/auth/signin",
            new Answer(200, """
                    <tsResponse xmlns="http://tableau.com/api"><credentials token="T|oken">
                    <site id="%s" contentUrl="rides"/><user id="u"/></credentials></tsResponse>""".formatted(SITE)),
            "/sites/" + SITE + "/projects",
            new Answer(200, """
                    <tsResponse xmlns="http://tableau.com/api"><pagination totalAvailable="2"/><projects>
                    <project id="p1" name="Ride"/><project id="p2" name="R&amp;D rides"/></projects></tsResponse>"""),
            "/auth/signout",
            new Answer(204, "")));
    private HttpServer server = start();

    private record Answer(int status, String body) {}

    private record Sent(String method, String path, String query, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    @BeforeEach
    void takeUploads() {
        Answer taken = new Answer(201, "<tsResponse xmlns=\"http://tableau.com/api\"/>");
        answers.put("/sites/" + SITE + "/datasources", taken);
        answers.put("/sites/" + SITE + "/workbooks", taken);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void publishesBothDataSourcesAndTheWorkbookInOneSession() throws Exception {
        List<String> done = new ArrayList<>();

        publisher("R&D rides", null).publish(done::add);

        assertThat(done)
                .containsExactly(
                        "data source Deloton rides", "data source Deloton readings (drill-down)", "workbook Deloton");
        assertThat(sent.stream().map(s -> s.method + " " + s.path.replace(SITE, "S") + "?" + s.query))
                .containsExactly(
                        "POST /api/3.23/auth/signin?null",
                        "GET /api/3.23/sites/S/projects?filter=name:eq:R%26D%20rides",
                        "POST /api/3.23/sites/S/datasources?overwrite=true&datasourceType=tds",
                        "POST /api/3.23/sites/S/datasources?overwrite=true&datasourceType=tds",
                        "POST /api/3.23/sites/S/workbooks?overwrite=true&workbookType=twb&skipConnectionCheck=true",
                        "POST /api/3.23/auth/signout?null");
        Element credentials = element(sent.getFirst().body, "credentials");
        assertThat(credentials.getAttribute("personalAccessTokenName")).isEqualTo("ci \"token\"");
        assertThat(credentials.getAttribute("personalAccessTokenSecret")).isEqualTo("se<cret");
        assertThat(element(sent.getFirst().body, "site").getAttribute("contentUrl"))
                .isEqualTo("rides");
        assertThat(sent.stream().skip(1))
                .allSatisfy(s -> assertThat(s.header("X-tableau-auth")).isEqualTo("T|oken"));
    }

    @Test
    void anUploadIsARequestAndAFile() throws Exception {
        publisher("Ride", null).publish(what -> {});

        List<String> parts = parts(sent.get(2));
        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst())
                .startsWith(
                        "Content-Disposition: form-data; name=\"request_payload\"\r\nContent-Type: text/xml\r\n\r\n");
        Element request = element(content(parts.getFirst()), "tsRequest");
        Element source = Lint.child(request, "datasource");
        assertThat(source.getAttribute("name")).isEqualTo("Deloton rides");
        assertThat(Lint.child(source, "project").getAttribute("id")).isEqualTo("p1");
        assertThat(Lint.elements(source, "connectionCredentials")).isEmpty();
        assertThat(parts.getLast())
                .startsWith("Content-Disposition: form-data; name=\"tableau_datasource\"; filename=\"deloton.tds\"\r\n")
                .contains("\nContent-Type: application/octet-stream\r\n\r\n");
        assertThat(content(parts.getLast()).getBytes(UTF_8))
                .isEqualTo(new TableauFiles(WHERE).file("deloton.tds").orElseThrow());
        assertThat(parts(sent.get(4)).getLast()).contains("name=\"tableau_workbook\"; filename=\"deloton.twb\"");
    }

    @Test
    void aPasswordIsEmbeddedOnlyIfGiven() throws Exception {
        publisher("Ride", new Secret("db\"pass")).publish(what -> {});

        for (int upload : new int[] {2, 4}) {
            Element credentials = element(content(parts(sent.get(upload)).getFirst()), "connectionCredentials");
            assertThat(credentials.getAttribute("name")).isEqualTo("tableau");
            assertThat(credentials.getAttribute("password")).isEqualTo("db\"pass");
            assertThat(credentials.getAttribute("embed")).isEqualTo("true");
        }
        assertThat(element(content(parts(sent.get(4)).getFirst()), "connection").getAttribute("serverAddress"))
                .isEqualTo("warehouse.example.com");
    }

    @Test
    void aRefusalQuotesTableausDetail() {
        answers.put("/auth/signin", new Answer(401, """
                        <tsResponse xmlns="http://tableau.com/api"><error code="401001"><summary>Signin Error</summary>
                        <detail>The personal access token you provided is invalid.</detail></error></tsResponse>"""));

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publisher("Ride", null).publish(what -> {}))
                .withMessage(
                        "Cannot sign in with the token ci \"token\": http://localhost:%d answered with error 401001:"
                                        .formatted(server.getAddress().getPort())
                                + " The personal access token you provided is invalid.")
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("se<cret"));
        assertThat(sent).hasSize(1);
    }

    @Test
    void aRefusedUploadStillSignsOut() {
        answers.put("/sites/" + SITE + "/workbooks", new Answer(403, ""));

        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publisher("Ride", null).publish(what -> {}))
                .withMessage("Cannot publish the workbook Deloton: http://localhost:%d answered with status 403"
                        .formatted(server.getAddress().getPort()));
        assertThat(sent.getLast().path).endsWith("/auth/signout");
    }

    @Test
    void aMissingProjectIsNamed() {
        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publisher("Rides", null).publish(what -> {}))
                .withMessage(("http://localhost:%d has no project Rides that the token can see;"
                                + " create it, or name another with --project")
                        .formatted(server.getAddress().getPort()));
    }

    @Test
    void anAddressThatIsNotATableauServerIsReported() {
        answers.put("/auth/signin", new Answer(200, "<html><br></html>"));
        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publisher("Ride", null).publish(what -> {}))
                .withMessageContaining("answered with status 200 and no XML, which a Tableau Server does not do.");

        int port = server.getAddress().getPort();
        server.stop(0);
        assertThatExceptionOfType(PublishException.class)
                .isThrownBy(() -> publisher("Ride", null).publish(what -> {}))
                .withMessageStartingWith(
                        "Cannot sign in with the token ci \"token\": no connection to http://localhost:%d: "
                                .formatted(port));
    }

    @Test
    void secretsGoOverHttpsOnly() {
        for (String address : List.of("http://tableau.example.com", "ftp://localhost", "tableau.example.com")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> target(URI.create(address), "Ride", null))
                    .withMessageContaining("is not an https address");
        }
        assertThat(target(URI.create("https://tableau.example.com"), "Ride", new Secret("pw"))
                        .toString())
                .doesNotContain("pw", "se<cret");
    }

    private Publisher publisher(String project, @Nullable Secret password) {
        URI address = URI.create("http://localhost:" + server.getAddress().getPort());
        return new Publisher(target(address, project, password), WHERE);
    }

    private static Publisher.Target target(URI address, String project, @Nullable Secret password) {
        return new Publisher.Target(
                address, "rides", project, "ci \"token\"", new Secret("se<cret"), password, Publisher.API_VERSION);
    }

    private HttpServer start() {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
            http.createContext("/", this::answer);
            http.start();
            return http;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            sent.add(new Sent(
                    exchange.getRequestMethod(),
                    uri.getPath(),
                    String.valueOf(uri.getRawQuery()),
                    Map.copyOf(exchange.getRequestHeaders()),
                    body));
            Answer answer = answers.getOrDefault(uri.getPath().replaceFirst("^/api/3\\.23", ""), new Answer(404, ""));
            byte[] bytes = answer.body.getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static List<String> parts(Sent upload) {
        Matcher type = Pattern.compile("multipart/mixed; boundary=(.+)").matcher(upload.header("Content-type"));
        assertThat(type.matches()).isTrue();
        String mark = "--" + type.group(1);
        assertThat(upload.body).startsWith(mark + "\r\n").endsWith("\r\n" + mark + "--\r\n");
        return Pattern.compile(Pattern.quote(mark) + "\r\n")
                .splitAsStream(upload.body.substring(0, upload.body.length() - mark.length() - 4))
                .filter(part -> !part.isEmpty())
                .map(part -> part.substring(0, part.length() - 2))
                .toList();
    }

    private static String content(String part) {
        return part.substring(part.indexOf("\r\n\r\n") + 4);
    }

    private static Element element(String xml, String name) throws Exception {
        Element root = Xml.parse(xml.getBytes(UTF_8)).getDocumentElement();
        return Lint.all(root)
                .filter(e -> e.getTagName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
