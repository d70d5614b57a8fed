package com.deloton.gateway.tableau;

import com.deloton.gateway.config.AnalystConfig;
import com.deloton.gateway.config.DatabaseConfig.SslMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The Tableau files of a deployment: those under {@code src/main/resources/tableau}, with the address of its database
 * and the name of a login filled in. They never hold a password. Safe for use by several threads.
 */
public final class TableauFiles {
    public static final String RIDES = "deloton.tds";
    public static final String READINGS = "deloton-readings.tds";
    public static final String WORKBOOK = "deloton.twb";
    public static final String MEDIA_TYPE = "application/xml";

    private static final Set<String> NAMES =
            Collections.unmodifiableSet(new TreeSet<>(Set.of(RIDES, READINGS, WORKBOOK)));

    private final AnalystConfig analyst;

    public TableauFiles(AnalystConfig analyst) {
        this.analyst = analyst;
    }

    /** The names of the files, sorted. */
    public static Set<String> names() {
        return NAMES;
    }

    /** A file as UTF-8 XML of about 100 kB; empty if the name is not one of {@link #names()}. Takes some milliseconds. */
    public Optional<byte[]> file(String name) {
        if (!NAMES.contains(name)) {
            return Optional.empty();
        }
        Document file = template(name);
        NodeList connections = file.getElementsByTagName("named-connection");
        for (int i = 0; i < connections.getLength(); i++) {
            fill((Element) connections.item(i));
        }
        return Optional.of(Xml.bytes(file));
    }

    private void fill(Element namedConnection) {
        namedConnection.setAttribute("caption", analyst.host());
        NodeList connections = namedConnection.getElementsByTagName("connection");
        for (int i = 0; i < connections.getLength(); i++) {
            Element connection = (Element) connections.item(i);
            connection.setAttribute("server", analyst.host());
            connection.setAttribute("port", Integer.toString(analyst.port()));
            connection.setAttribute("dbname", analyst.database());
            connection.setAttribute("username", analyst.user());
            connection.setAttribute("sslmode", isEncrypted() ? "require" : "");
        }
    }

    private boolean isEncrypted() {
        return analyst.sslMode() != SslMode.DISABLE && analyst.sslMode() != SslMode.PREFER;
    }

    /** The file as it is in the repository. */
    static Document template(String name) {
        try (InputStream in =
                Objects.requireNonNull(TableauFiles.class.getResourceAsStream("/tableau/" + name), name)) {
            return Xml.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException e) {
            throw new IllegalStateException("/tableau/" + name + " is not well-formed XML", e);
        }
    }
}
