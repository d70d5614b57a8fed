package com.deloton.gateway.api.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON text as RFC 8259 defines it: no comments, no repeated member names, limited depth. */
final class StrictJson {
    private static final int MAX_DEPTH = 32;
    private static final String NOT_JSON = "the body is not valid; expected a JSON object";
    private static final Pattern REPEATED = Pattern.compile("Duplicate field '(.{0,50})");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private StrictJson() {}

    /** Why the text is not acceptable JSON; empty if it is. */
    static Optional<String> fault(byte[] text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            int depth = 0;
            int values = 0;
            while (parser.nextToken() != null) {
                depth += parser.currentToken().isStructStart() ? 1 : 0;
                depth -= parser.currentToken().isStructEnd() ? 1 : 0;
                values += depth == 0 ? 1 : 0;
                parser.finishToken();
            }
            return values == 1 ? Optional.empty() : Optional.of(NOT_JSON);
        } catch (StreamConstraintsException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).contains("nesting")
                            ? "the body is nested too deeply; expected at most %d levels".formatted(MAX_DEPTH)
                            : "the body has a number or text that is too long");
        } catch (JsonProcessingException e) {
            Matcher repeated = REPEATED.matcher(e.getOriginalMessage());
            return Optional.of(
                    repeated.find()
                            ? "the member '%s' appears twice; expected each member once"
                                    .formatted(repeated.group(1).replaceAll("'$", ""))
                            : NOT_JSON);
        } catch (IOException e) {
            return Optional.of(NOT_JSON);
        }
    }
}
