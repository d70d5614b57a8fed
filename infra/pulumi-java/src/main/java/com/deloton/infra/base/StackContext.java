package com.deloton.infra.base;

import com.pulumi.aws.Provider;
import com.pulumi.core.Output;

/**
 * What every component of a stack shares.
 *
 * @param keyArn the stack's encryption key
 * @param protect whether data survives a mistaken destroy
 */
public record StackContext(
        String stack,
        String region,
        Output<String> account,
        Provider provider,
        Output<String> keyArn,
        boolean protect,
        int logRetentionDays) {

    public String name(String part) {
        return "deloton-" + stack + "-" + part;
    }

    /** A path for log groups and secrets. */
    public String path(String part) {
        return "/deloton/" + stack + "/" + part;
    }

    public Output<String> arn(String service, String resource) {
        return account.applyValue(id -> "arn:aws:" + service + ":" + region + ":" + id + ":" + resource);
    }
}
