package com.deloton.gateway.tableau;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An XML element under construction; whatever text it is given is escaped. */
record Xml(Element element) {
    private static final String USER = "http://www.tableausoftware.com/xml/user";

    /** The root of a new document. */
    static Xml root(String name) {
        Document document = builder().newDocument();
        Element element = document.createElement(name);
        document.appendChild(element);
        return new Xml(element);
    }

    /** Reads a document that declares no entities. */
    static Document parse(byte[] bytes) throws SAXException {
        try {
            return builder().parse(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("bytes cannot be read", e);
        }
    }

    /** Adds an element at the end and returns it. */
    Xml add(String name) {
        Element child = element.getOwnerDocument().createElement(name);
        element.appendChild(child);
        return new Xml(child);
    }

    /** Adds a copy of an element of another document. */
    Xml addCopy(Xml other) {
        Node copy = element.getOwnerDocument().importNode(other.element, true);
        element.appendChild(copy);
        return this;
    }

    /** Sets attributes, given as name, value, name, value. */
    Xml with(String... attributes) {
        for (int i = 0; i < attributes.length; i += 2) {
            element.setAttribute(attributes[i], attributes[i + 1]);
        }
        return this;
    }

    /** Sets an attribute of Tableau's namespace {@code user}. */
    Xml withUser(String name, String value) {
        element.setAttributeNS(USER, "user:" + name, value);
        return this;
    }

    Xml declareUser() {
        element.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, "xmlns:user", USER);
        return this;
    }

    Xml text(String text) {
        element.setTextContent(text);
        return this;
    }

    /** The whole document as UTF-8. */
    byte[] bytes() {
        try {
            TransformerFactory factory = TransformerFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            Transformer transformer = factory.newTransformer();
            transformer.setOutputProperty(OutputKeys.ENCODING, "utf-8");
            transformer.setOutputProperty(OutputKeys.STANDALONE, "yes");
            transformer.setOutputProperty(OutputKeys.INDENT, "yes");
            transformer.setOutputProperty("{http://xml.apache.org/xslt}indent-amount", "1");
            element.getOwnerDocument().setXmlStandalone(true);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            transformer.transform(new DOMSource(element.getOwnerDocument()), new StreamResult(bytes));
            return bytes.toByteArray();
        } catch (TransformerException e) {
            throw new IllegalStateException("XML cannot be written", e);
        }
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            return builder;
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this JVM has no safe XML parser", e);
        }
    }
}
