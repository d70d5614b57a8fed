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
    private final AnalystConfig analyst;

    /**
     * Where to publish, and as whom.
     *
     * @param server {@code https://…}; http only to this machine
     * @param site as in the site's URLs; empty for the default site
     * @param project its name; it must exist
     * @param password of {@code analyst.user}, stored by the server so that viewers need none; null makes it prompt them
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
                        "--server %s is not an https address; expected a URL such as https://tableau.example.com"
                                .formatted(server));
            }
        }
    }

    private record Session(String token, String site) {}

    /** @param kind {@code datasource} or {@code workbook}, as in the REST API's paths */
    private record Item(String kind, String name, String file) {
        String description() {
            return (kind.equals("workbook") ? "workbook " : "data source ") + name;
        }

        String type() {
            return file.substring(file.lastIndexOf('.') + 1);
        }
    }

    private static final List<Item> ITEMS = List.of(
            new Item("datasource", "Deloton rides", TableauFiles.RIDES),
            new Item("datasource", "Deloton readings (drill-down)", TableauFiles.READINGS),
            new Item("workbook", "Deloton", TableauFiles.WORKBOOK));

    public Publisher(Target target, AnalystConfig analyst) {
        this.target = target;
        this.analyst = analyst;
    }

    /**
     * Blocks until everything is published.
     *
     * @param progress receives a description of each item once it is published
     */
    public void publish(Consumer<String> progress) throws PublishException, InterruptedException {
        Session session = signIn();
        try {
            String project = project(session);
            TableauFiles files = new TableauFiles(analyst);
            for (Item item : ITEMS) {
                upload(session, item, project, files.file(item.file()).orElseThrow());
                progress.accept(item.description());
            }
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
            throw new PublishException(target.server() + " did not answer as a Tableau Server does.");
        }
        return new Session(token, site);
    }

    private String project(Session session) throws PublishException, InterruptedException {
        String name = target.project();
        Document answer = send(
                "find the project " + name,
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
                "%s has no project %s that the token can see; create it, or name another with --project"
                        .formatted(target.server(), name));
    }

    private void upload(Session session, Item item, String project, byte[] bytes)
            throws PublishException, InterruptedException {
        Xml request = Xml.root("tsRequest");
        Xml published = request.add(item.kind).with("name", item.name);
        published.add("project").with("id", project);
        if (target.password() != null) {
            Xml owner = item.kind.equals("datasource")
                    ? published
                    : published
                            .add("connections")
                            .add("connection")
                            .with("serverAddress", analyst.host(), "serverPort", Integer.toString(analyst.port()));
            owner.add("connectionCredentials")
                    .with("embed", "true", "name", analyst.user())
                    .with("password", target.password().reveal());
        }
        String boundary = UUID.randomUUID().toString();
        String query = "?overwrite=true&%sType=%s%s"
                .formatted(item.kind, item.type(), item.kind.equals("workbook") ? "&skipConnectionCheck=true" : "");
        send(
                "publish the " + item.description(),
                request("/sites/%s/%ss%s".formatted(session.site, item.kind, query))
                        .header("X-Tableau-Auth", session.token)
                        .header("Content-Type", "multipart/mixed; boundary=" + boundary)
                        .POST(BodyPublishers.ofByteArray(multipart(boundary, request.bytes(), item, bytes))));
    }

    private static byte[] multipart(String boundary, byte[] request, Item item, byte[] content) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(body, boundary, "name=\"request_payload\"", "text/xml", request);
        part(body, boundary, "name=\"tableau_%s\"; filename=\"%s\"".formatted(item.kind, item.file), OCTETS, content);
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

    /** Best effort: a session that stays open expires on the server. */
    private void signOut(Session session) throws InterruptedException {
        try {
            send(
                    "sign out",
                    request("/auth/signout")
                            .header("X-Tableau-Auth", session.token)
                            .POST(BodyPublishers.noBody()));
        } catch (PublishException e) {
            LOG.debug("sign-out failed", e);
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
                    "Cannot %s: no connection to %s: %s".formatted(purpose, target.server(), reason(e)), e);
        }
        Document answer;
        try {
            answer = response.body().length == 0
                    ? Xml.root("empty").element().getOwnerDocument()
                    : Xml.parse(response.body());
        } catch (SAXException e) {
            throw new PublishException(
                    "Cannot %s: %s answered with status %d and no XML, which a Tableau Server does not do."
                            .formatted(purpose, target.server(), response.statusCode()),
                    e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new PublishException("Cannot %s: %s answered with %s"
                    .formatted(purpose, target.server(), refusal(answer, response.statusCode())));
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
