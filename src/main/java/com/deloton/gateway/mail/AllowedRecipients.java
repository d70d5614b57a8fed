package com.deloton.gateway.mail;

import com.deloton.gateway.config.MailConfig;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides which addresses may receive mail: plain ones in an allowed domain or below it. */
public final class AllowedRecipients {
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final int MAX_LENGTH = 254;

    private final Set<String> domains;

    public AllowedRecipients(Set<String> domains) {
        this.domains = domains;
    }

    /** Why the address may not receive mail; null if it may. */
    public @Nullable String rejectionReason(@Nullable String address) {
        if (address == null || address.isBlank()) {
            return "no address";
        }
        if (address.length() > MAX_LENGTH || !ADDRESS.matcher(address).matches()) {
            return "not an address";
        }
        return isAllowed(address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT))
                ? null
                : "domain not allowed";
    }

    private boolean isAllowed(String domain) {
        return domains.contains(MailConfig.ANY)
                || domains.stream().anyMatch(allowed -> domain.equals(allowed) || domain.endsWith("." + allowed));
    }
}
