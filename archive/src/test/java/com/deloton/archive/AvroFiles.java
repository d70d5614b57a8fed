package com.deloton.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** The content of Iceberg's metadata, to search in. */
final class AvroFiles {
    private AvroFiles() {}

    /** The bytes of the file, a character each; of Avro's, also those of all values, uncompressed. */
    static String content(Path file) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(Files.readAllBytes(file));
        if (file.toString().endsWith(".avro")) {
            try (DataFileReader<GenericRecord> records =
                    new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
                BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(content, null);
                for (GenericRecord record : records) {
                    new GenericDatumWriter<GenericRecord>(records.getSchema()).write(record, encoder);
                }
                encoder.flush();
            }
        }
        return content.toString(StandardCharsets.ISO_8859_1);
    }
}
