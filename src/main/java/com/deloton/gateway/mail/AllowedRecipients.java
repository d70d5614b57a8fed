package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import java.net.IDN;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which addresses may receive mail: plain ones in an allowed domain or below it. Local parts may contain
 * non-ASCII characters (RFC 6531), domains too (IDNA).
 */
public final class AllowedRecipients {
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\p{L}\\p{M}\\p{N}-]+";
    private static final Pattern LOCAL_PART = Pattern.compile(ATOM + "(\\." + ATOM + ")*");
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern DOMAIN = Pattern.compile("(" + LABEL + "\\.)*" + LABEL);
    private static final int MAX_LENGTH = 254;

    private final Set<String> domains;

    public AllowedRecipients(Set<String> domains) {
        this.domains = domains.stream()
                .map(domain -> {
                    String ascii = asciiDomain(domain);
                    return ascii == null ? domain : ascii;
                })
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why the address may not receive mail; null if it may. */
    public @Nullable String rejectionReason(@Nullable String address) {
        if (address == null || address.isBlank()) {
            return "no address";
        }
        String sendable = sendable(address);
        if (sendable == null) {
            return "not an address";
        }
        return isAllowed(sendable.substring(sendable.lastIndexOf('@') + 1)) ? null : "domain not allowed";
    }

    /** The address with its domain as IDNA A-labels in lower case; null if it is not a plain address. */
    static @Nullable String sendable(String address) {
        int at = address.lastIndexOf('@');
        if (at < 1 || !LOCAL_PART.matcher(address.substring(0, at)).matches()) {
            return null;
        }
        String domain = asciiDomain(address.substring(at + 1));
        String sendable = address.substring(0, at) + "@" + domain;
        return domain == null || sendable.length() > MAX_LENGTH ? null : sendable;
    }

    private static @Nullable String asciiDomain(String domain) {
        try {
            String ascii = IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
            return DOMAIN.matcher(ascii).matches() ? ascii : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private boolean isAllowed(String domain) {
        return domains.contains(MailConfig.ANY)
                || domains.stream().anyMatch(allowed -> domain.equals(allowed) || domain.endsWith("." + allowed));
    }
}
