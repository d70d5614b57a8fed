package com.deloton.gateway.local.token;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An EC key pair (P-256) in two PEM files: {@code api-key.pem} and, readable by its owner only, {@code api-signing-key.pem}. */
record KeyFiles(Path directory) {
    private static final Logger LOG = LoggerFactory.getLogger(KeyFiles.class);
    private static final String PUBLIC = "PUBLIC KEY";
    private static final String PRIVATE = "PRIVATE KEY";

    Path publicKey() {
        return directory.resolve("api-key.pem");
    }

    Path signingKey() {
        return directory.resolve("api-signing-key.pem");
    }

    KeyPair loadOrCreate() {
        try {
            return Files.exists(signingKey()) && Files.exists(publicKey()) ? load() : create();
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read ({}); creating another signing key", signingKey(), e.toString());
            return create();
        }
    }

    private KeyPair load() throws IOException, GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("EC");
        return new KeyPair(
                factory.generatePublic(new X509EncodedKeySpec(decode(publicKey(), PUBLIC))),
                factory.generatePrivate(new PKCS8EncodedKeySpec(decode(signingKey(), PRIVATE))));
    }

    private KeyPair create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            write(signingKey(), PRIVATE, keys.getPrivate().getEncoded());
            write(publicKey(), PUBLIC, keys.getPublic().getEncoded());
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot create a signing key in " + directory, e);
        }
    }

    /** A temporary file is readable by its owner only, and keeps its permissions when it is moved. */
    private void write(Path file, String label, byte[] key) throws IOException {
        Path draft = Files.createTempFile(directory, "key", ".tmp");
        Files.writeString(
                draft,
                "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                        .formatted(label, Base64.getMimeEncoder().encodeToString(key)));
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static byte[] decode(Path file, String label) throws IOException {
        String text = Files.readString(file)
                .replace("-----BEGIN " + label + "-----", "")
                .replace("-----END " + label + "-----", "");
        return Base64.getMimeDecoder().decode(text);
    }
}
