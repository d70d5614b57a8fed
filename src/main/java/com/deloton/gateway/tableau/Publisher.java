package com.deloton.gateway.tableau;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.settings.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Publishes the Tableau files to a Tableau Server or Tableau Cloud over its REST API, replacing earlier ones. */
public final class Publisher {
    /** The oldest API of a server that opens our files: Tableau 2024.2. */
    public static final String API_VERSION = "3.23";

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final String OCTETS = "application/octet-stream";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final Target target;
    private final AnalystConfig where;

    /**
     * Where to publish, and as whom.
     *
     * @param server {@code https://…}; http only to this machine
     * @param site as in the site's URLs; empty for the default site
     * @param project its name; it must exist
     * @param password of {@code analyst.user}, kept by the server so that viewers need none; null lets them be asked
     */
    public record Target(
            URI server,
            String site,
            String project,
            String tokenName,
            Secret tokenSecret,
            @Nullable Secret password,
            String apiVersion) {
        public Target {
            boolean loopback = List.of("localhost", "127.0.0.1", "[::1]").contains(String.valueOf(server.getHost()));
            boolean safe = "https".equals(server.getScheme()) || ("http".equals(server.getScheme()) && loopback);
            if (server.getHost() == null || !safe) {
                throw new IllegalArgumentException(
                        "The server %s is no https address; give one such as https://tableau.example.com"
                                .formatted(server));
            }
        }
    }

    private record Session(String token, String site) {}

    public Publisher(Target target, AnalystConfig where) {
        this.target = target;
        this.where = where;
    }

    /**
     * Blocks until everything is published.
     *
     * @param done told about each thing as it is published
     */
    public void publish(Consumer<String> done) throws PublishException, InterruptedException {
        Session session = signIn();
        try {
            String project = project(session);
            TableauFiles files = new TableauFiles(where);
            for (DataSourceModel source : List.of(DataSourceModel.RIDES, DataSourceModel.READINGS)) {
                String file = source.name() + ".tds";
                byte[] bytes = files.file(file).orElseThrow();
                upload(session, "datasource", source.caption(), project, file, bytes);
                done.accept("data source " + source.caption());
            }
            byte[] workbook = files.file(TableauFiles.WORKBOOK).orElseThrow();
            upload(session, "workbook", Workbook.DASHBOARD, project, TableauFiles.WORKBOOK, workbook);
            done.accept("workbook " + Workbook.DASHBOARD);
        } finally {
            signOut(session);
        }
    }

    private Session signIn() throws PublishException, InterruptedException {
        Xml request = Xml.root("tsRequest");
        request.add("credentials")
                .with("personalAccessTokenName", target.tokenName())
                .with("personalAccessTokenSecret", target.tokenSecret().reveal())
                .add("site")
                .with("contentUrl", target.site());
        Document answer = send(
                "sign in with the token " + target.tokenName(),
                request("/auth/signin")
                        .header("Content-Type", "application/xml")
                        .POST(BodyPublishers.ofByteArray(request.bytes())));
        String token = attribute(answer, "credentials", "token");
        String site = attribute(answer, "site", "id");
        if (token == null || site == null) {
            throw new PublishException(target.server() + " does not answer as a Tableau Server does.");
        }
        return new Session(token, site);
    }

    private String project(Session session) throws PublishException, InterruptedException {
        String name = target.project();
        Document answer = send(
                "look for the project " + name,
                request("/sites/%s/projects?filter=name:eq:%s".formatted(session.site, encode(name)))
                        .header("X-Tableau-Auth", session.token)
                        .GET());
        NodeList projects = answer.getElementsByTagNameNS("*", "project");
        for (int i = 0; i < projects.getLength(); i++) {
            Element project = (Element) projects.item(i);
            if (project.getAttribute("name").equals(name)) {
                return project.getAttribute("id");
            }
        }
        throw new PublishException(
                "There is no project %s on %s, or the token may not see it; make it first, or give another."
                        .formatted(name, target.server()));
    }

    private void upload(Session session, String kind, String name, String project, String file, byte[] bytes)
            throws PublishException, InterruptedException {
        Xml request = Xml.root("tsRequest");
        Xml item = request.add(kind).with("name", name);
        item.add("project").with("id", project);
        if (target.password() != null) {
            Xml owner = kind.equals("datasource")
                    ? item
                    : item.add("connections")
                            .add("connection")
                            .with("serverAddress", where.host(), "serverPort", Integer.toString(where.port()));
            owner.add("connectionCredentials")
                    .with("embed", "true", "name", where.user())
                    .with("password", target.password().reveal());
        }
        String boundary = UUID.randomUUID().toString();
        String query = "?overwrite=true&%sType=%s%s"
                .formatted(
                        kind,
                        file.substring(file.lastIndexOf('.') + 1),
                        kind.equals("workbook") ? "&skipConnectionCheck=true" : "");
        send(
                "publish the %s %s".formatted(kind, name),
                request("/sites/%s/%ss%s".formatted(session.site, kind, query))
                        .header("X-Tableau-Auth", session.token)
                        .header("Content-Type", "multipart/mixed; boundary=" + boundary)
                        .POST(BodyPublishers.ofByteArray(multipart(boundary, request.bytes(), kind, file, bytes))));
    }

    private static byte[] multipart(String boundary, byte[] request, String kind, String file, byte[] content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(body, boundary, "name=\"request_payload\"", "text/xml", request);
        part(body, boundary, "name=\"tableau_%s\"; filename=\"%s\"".formatted(kind, file), OCTETS, content);
        body.writeBytes("--%s--\r\n".formatted(boundary).getBytes(UTF_8));
        return body.toByteArray();
    }

    private static void part(
            ByteArrayOutputStream body, String boundary, String disposition, String type, byte[] content) {
        List<String> head = List.of(
                "--" + boundary, "Content-Disposition: form-data; " + disposition, "Content-Type: " + type, "", "");
        body.writeBytes(String.join("\r\n", head).getBytes(UTF_8));
        body.writeBytes(content);
        body.writeBytes("\r\n".getBytes(UTF_8));
    }

    /** The files are published by now, or the failure is known; an unclosed session ends by itself. */
    private void signOut(Session session) throws InterruptedException {
        try {
            send(
                    "sign out",
                    request("/auth/signout")
                            .header("X-Tableau-Auth", session.token)
                            .POST(BodyPublishers.noBody()));
        } catch (PublishException e) {
            LOG.debug("no sign-out", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        String base = target.server().toString().replaceFirst("/+$", "");
        return HttpRequest.newBuilder(URI.create(base + "/api/" + target.apiVersion() + path))
                .header("Accept", "application/xml")
                .timeout(TIMEOUT);
    }

    private Document send(String purpose, HttpRequest.Builder request) throws PublishException, InterruptedException {
        HttpResponse<byte[]> response;
        try {
            response = client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new PublishException(
                    "%s cannot be reached to %s: %s".formatted(target.server(), purpose, reason(e)), e);
        }
        Document answer;
        try {
            answer = response.body().length == 0
                    ? Xml.root("none").element().getOwnerDocument()
                    : Xml.parse(response.body());
        } catch (SAXException e) {
            throw new PublishException(
                    "%s answered %d, but not as a Tableau Server does, when asked to %s."
                            .formatted(target.server(), response.statusCode(), purpose),
                    e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new PublishException(
                    "%s refused to %s: %s".formatted(target.server(), purpose, refusal(answer, response.statusCode())));
        }
        return answer;
    }

    private static String refusal(Document answer, int status) {
        String code = attribute(answer, "error", "code");
        NodeList details = answer.getElementsByTagNameNS("*", "detail");
        String detail = details.getLength() == 0 ? "" : ": " + details.item(0).getTextContent();
        return code == null ? "status " + status : "error " + code + detail;
    }

    private static @Nullable String attribute(Document document, String element, String name) {
        NodeList found = document.getElementsByTagNameNS("*", element);
        return found.getLength() == 0 || !((Element) found.item(0)).hasAttribute(name)
                ? null
                : ((Element) found.item(0)).getAttribute(name);
    }

    private static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
