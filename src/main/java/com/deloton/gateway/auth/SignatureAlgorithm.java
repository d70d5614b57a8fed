package com.deloton.gateway.auth;

import com.deloton.gateway.config.JwtConfig.Algorithm;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** The JWS algorithms (RFC 7518, RFC 8037) as signatures of the JDK. */
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

    /** False also for a signature that is not well-formed. */
    static boolean verify(Algorithm algorithm, PublicKey key, byte[] input, byte[] signed) {
        try {
            Signature signature = signature(algorithm);
            signature.initVerify(key);
            signature.update(input);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Signature signature(Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case RS256 -> Signature.getInstance("SHA256withRSA");
            case RS384 -> Signature.getInstance("SHA384withRSA");
            case RS512 -> Signature.getInstance("SHA512withRSA");
            case PS256 -> pss("SHA-256", MGF1ParameterSpec.SHA256, 32);
            case PS384 -> pss("SHA-384", MGF1ParameterSpec.SHA384, 48);
            case PS512 -> pss("SHA-512", MGF1ParameterSpec.SHA512, 64);
            case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case ES384 -> Signature.getInstance("SHA384withECDSAinP1363Format");
            case ES512 -> Signature.getInstance("SHA512withECDSAinP1363Format");
            case EDDSA -> Signature.getInstance("EdDSA");
        };
    }

    private static Signature pss(String digest, MGF1ParameterSpec mask, int saltBytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
                new PSSParameterSpec(digest, "MGF1", mask, saltBytes, PSSParameterSpec.TRAILER_FIELD_BC));
        return signature;
    }

    private static int curveBits(PublicKey key) {
        return key instanceof ECPublicKey ec ? ec.getParams().getOrder().bitLength() : 0;
    }
}
