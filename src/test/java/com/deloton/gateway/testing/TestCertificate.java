package com.deloton.gateway.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;

/** Server certificates for {@code localhost}, of which clients that trust {@link #authority} accept only the valid one. */
public enum TestCertificate {
    VALID("", "localhost", false, false),
    EXPIRED("(?s).*([Ee]xpired|NotAfter).*", "localhost", true, false),
    WRONG_NAME(
            "(?s).*(No name matching|No subject alternative|could not be verified|hostname).*",
            "other.example.com",
            false,
            false),
    UNKNOWN_AUTHORITY("(?s).*(unable to find valid certification path|PKIX|unknown_ca).*", "localhost", false, true);

    private static final Duration DAY = Duration.ofDays(1);

    /** Matches the messages of the failures that a client reports. */
    public final String failure;

    private final String name;
    private final boolean expired;
    private final boolean otherAuthority;

    TestCertificate(String failure, String name, boolean expired, boolean otherAuthority) {
        this.failure = failure;
        this.name = name;
        this.expired = expired;
        this.otherAuthority = otherAuthority;
    }

    private static final class Authorities {
        static final X509Bundle TRUSTED = authority("Trusted");
        static final X509Bundle OTHER = authority("Other");

        private static X509Bundle authority(String name) {
            try {
                return builder(name, DAY).setIsCertificateAuthority(true).buildSelfSigned();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static CertificateBuilder builder(String name, Duration untilExpiry) {
        return new CertificateBuilder()
                .rsa2048()
                .subject("CN=" + name)
                .notBefore(Instant.now().minus(DAY).minus(DAY))
                .notAfter(Instant.now().plus(untilExpiry));
    }

    /** The certificate and its key. */
    public X509Bundle bundle() {
        try {
            return builder(name, expired ? DAY.negated() : DAY)
                    .addSanDnsName(name)
                    .addExtendedKeyUsageServerAuth()
                    .buildIssuedBy(otherAuthority ? Authorities.OTHER : Authorities.TRUSTED);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The trusted authority, in PEM format. */
    public static String authority() {
        return Authorities.TRUSTED.getCertificatePEM();
    }

    /** A PKCS #12 key store that trusts the authority. */
    public static Path trustStore(Path directory, String password) {
        Path file = directory.resolve("trust.p12");
        try (OutputStream out =
                Files.newOutputStream(Files.createDirectories(directory).resolve("trust.p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", Authorities.TRUSTED.getCertificate());
            store.store(out, password.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    /** Writes a file that only its owner may read. */
    public static Path write(Path file, String pem) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
