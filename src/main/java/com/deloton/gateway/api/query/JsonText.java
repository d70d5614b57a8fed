package com.deloton.gateway.api.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The text of one JSON object, written member by member: what {@link Json} has, without the object in between. */
final class JsonText implements Members {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int INITIAL_BYTES = 1_024;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(INITIAL_BYTES);
    private final JsonGenerator generator;

    JsonText() {
        try {
            generator = FACTORY.createGenerator(bytes);
            generator.writeStartObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public JsonText put(String name, @Nullable Object value) {
        if (value != null) {
            write(() -> {
                generator.writeFieldName(name);
                value(value);
            });
        }
        return this;
    }

    @Override
    public JsonText putObject(String name, Consumer<Members> members) {
        write(() -> {
            generator.writeObjectFieldStart(name);
            members.accept(this);
            generator.writeEndObject();
        });
        return this;
    }

    /** A member that is a list of one object for each of the rows. */
    <T> JsonText putObjects(String name, Iterable<T> rows, BiConsumer<Members, T> item) {
        write(() -> {
            generator.writeArrayFieldStart(name);
            for (T row : rows) {
                generator.writeStartObject();
                item.accept(this, row);
                generator.writeEndObject();
            }
            generator.writeEndArray();
        });
        return this;
    }

    /** The whole object; once. */
    Buffer end() {
        write(() -> {
            generator.writeEndObject();
            generator.close();
        });
        return Buffer.buffer(bytes.toByteArray());
    }

    private void value(Object value) throws IOException {
        switch (value) {
            case String text -> generator.writeString(text);
            case Double number -> generator.writeNumber(Json.round(number));
            case Float number -> generator.writeNumber(Json.round(number));
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case Short number -> generator.writeNumber(number);
            case Boolean flag -> generator.writeBoolean(flag);
            case OffsetDateTime time -> generator.writeString(time.toInstant().toString());
            case LocalDate date -> generator.writeString(date.toString());
            default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
