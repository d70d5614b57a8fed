package com.deloton.gateway.tableau;

import com.deloton.gateway.testing.Skipped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Tableau's own schema of workbooks, {@code twb_2026.1.0.xsd} of github.com/tableau/tableau-document-schemas. It is not
 * ours to pack: the system property {@code tableau.schemas} or the variable {@code TABLEAU_SCHEMAS} names its folder.
 */
final class TableauSchema {
    private static final String XML_NAMESPACE = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
              <xs:attribute name="base" type="xs:anyURI"/>
            </xs:schema>""";
    private static final String USER_NAMESPACE = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
                targetNamespace="http://www.tableausoftware.com/xml/user">
              <xs:attributeGroup name="UserAttributes-AG"><xs:anyAttribute processContents="skip"/></xs:attributeGroup>
            </xs:schema>""";

    private final Schema schema;

    private TableauSchema(Schema schema) {
        this.schema = schema;
    }

    /** Empty, after having said so, where the schema is not at hand. */
    static Optional<TableauSchema> find() throws IOException, SAXException {
        Optional<Path> file = Stream.of(
                        System.getProperty("tableau.schemas"),
                        System.getenv("TABLEAU_SCHEMAS"),
                        "../shared/samples/tableau")
                .filter(folder -> folder != null)
                .map(folder -> Path.of(folder, "twb_2026.1.0.xsd"))
                .filter(Files::exists)
                .findFirst();
        if (file.isEmpty()) {
            Skipped.report(
                    "the validation against Tableau's schema", "twb_2026.1.0.xsd; set TABLEAU_SCHEMAS to its folder");
            return Optional.empty();
        }
        // The schema has the root of a workbook only; a data source is of a type that it defines.
        String withDataSource = Files.readString(file.get())
                .replace("</xs:schema>", "<xs:element name=\"datasource\" type=\"DataSource-CT\"/></xs:schema>");
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        return Optional.of(new TableauSchema(factory.newSchema(
                new StreamSource[] {source(XML_NAMESPACE), source(USER_NAMESPACE), source(withDataSource)})));
    }

    /** What is wrong; {@code explain-data} may be missing, since format 18.1 has it not. */
    List<String> faults(byte[] document) throws IOException {
        List<String> faults = new ArrayList<>();
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) {}

            @Override
            public void error(SAXParseException e) {
                faults.add(e.getLineNumber() + ": " + e.getMessage());
            }

            @Override
            public void fatalError(SAXParseException e) {
                error(e);
            }
        });
        try {
            validator.validate(new StreamSource(new ByteArrayInputStream(document)));
        } catch (SAXException e) {
            faults.add(String.valueOf(e.getMessage()));
        }
        faults.removeIf(fault ->
                fault.matches(".*The content of element 'workbook' is not complete.*explain-data}' is expected\\."));
        return faults;
    }

    private static StreamSource source(String text) {
        return new StreamSource(new StringReader(text));
    }
}
