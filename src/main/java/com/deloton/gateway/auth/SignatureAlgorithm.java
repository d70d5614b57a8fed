package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;

/**
 * The JWS algorithms (RFC 7518, RFC 8037): RS*, PS* and ES* by vertx-auth-jwt; EdDSA by the JDK, because vertx-auth-jwt
 * does not support its header names {@code Ed25519} and {@code Ed448} (RFC 9864).
 */
final class SignatureAlgorithm {
    private SignatureAlgorithm() {}

    /** Whether the key has the type, and for ES* the curve, of the algorithm. */
    static boolean fits(Algorithm algorithm, PublicKey key) {
        return switch (algorithm) {
            case RS256, RS384, RS512, PS256, PS384, PS512 -> key instanceof RSAPublicKey;
            case ES256 -> curveBits(key) == 256;
            case ES384 -> curveBits(key) == 384;
            case ES512 -> curveBits(key) == 521;
            case EDDSA -> key instanceof EdECPublicKey;
        };
    }

    /**
     * Verifies the signature only, not the claims. It ignores key ids.
     *
     * @throws IllegalArgumentException for a key for EdDSA only: a JWTAuth without a key accepts unsigned tokens
     */
    static JWTAuth provider(Vertx vertx, VerificationKey key) {
        List<PubSecKeyOptions> options = key.algorithms().stream()
                .filter(algorithm -> algorithm != Algorithm.EDDSA)
                .map(algorithm ->
                        new PubSecKeyOptions().setAlgorithm(algorithm.name()).setBuffer(pem(key.key())))
                .toList();
        if (options.isEmpty()) {
            throw new IllegalArgumentException("the key has no algorithm of vertx-auth-jwt");
        }
        return JWTAuth.create(
                vertx,
                new JWTAuthOptions().setPubSecKeys(options).setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
    }

    /** The only length that RFC 7518 allows; vertx-auth-jwt also accepts DER for ES*, and pads short signatures. */
    static int signatureBytes(Algorithm algorithm, PublicKey key) {
        return switch (algorithm) {
            case RS256, RS384, RS512, PS256, PS384, PS512 ->
                key instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : 0;
            case ES256, ES384, ES512 -> 2 * ((curveBits(key) + 7) / 8);
            case EDDSA -> throw new IllegalArgumentException("EdDSA has a length for each curve");
        };
    }

    /** False also for a signature that is not well-formed. */
    static boolean verifyEdDsa(PublicKey key, byte[] input, byte[] signed) {
        try {
            Signature signature = Signature.getInstance("EdDSA");
            signature.initVerify(key);
            signature.update(input);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static int curveBits(PublicKey key) {
        return key instanceof ECPublicKey ec ? ec.getParams().getOrder().bitLength() : 0;
    }
}
