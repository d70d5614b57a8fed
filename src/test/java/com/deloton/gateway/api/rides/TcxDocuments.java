package com.deloton.gateway.api.rides;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.dom.DOMSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Garmin's training documents as a strict reader of {@code tcx.xsd} takes them. */
public final class TcxDocuments {
    private static final Schema SCHEMA = schema();

    private TcxDocuments() {}

    private static Schema schema() {
        try {
            SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
            return factory.newSchema(Objects.requireNonNull(TcxDocuments.class.getResource("/tcx.xsd")));
        } catch (SAXException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Parses a document; throws SAXException unless the schema allows it. */
    public static Document valid(String xml) throws SAXException, IOException, ParserConfigurationException {
        Document document = parsed(xml);
        SCHEMA.newValidator().validate(new DOMSource(document));
        return document;
    }

    /** Parses a document without validating it. */
    static Document parsed(String xml) throws SAXException, IOException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    public static List<Element> elements(Element within, String name) {
        NodeList found = within.getElementsByTagNameNS("*", name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    /** The content of the first such element; null if there is none. */
    public static @Nullable Integer number(Element within, String name) {
        List<Element> found = elements(within, name);
        return found.isEmpty() ? null : Integer.valueOf(found.getFirst().getTextContent());
    }
}
