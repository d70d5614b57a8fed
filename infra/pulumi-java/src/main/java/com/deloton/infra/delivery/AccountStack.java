package com.deloton.infra.delivery;

import com.pulumi.Context;
import com.pulumi.aws.Provider;
import com.pulumi.aws.ProviderArgs;
import com.pulumi.aws.iam.OpenIdConnectProvider;
import com.pulumi.aws.iam.OpenIdConnectProviderArgs;
import com.pulumi.aws.inputs.ProviderDefaultTagsArgs;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;

/** What an AWS account holds once, whatever the number of gateway stacks in it. Its stack is named {@value #NAME}. */
public final class AccountStack {
    public static final String NAME = "account";

    /** The issuer of the tokens of GitHub Actions; the provider's ARN ends in it. */
    static final String ISSUER = "token.actions.githubusercontent.com";

    private AccountStack() {}

    public static void define(Context pulumi) {
        Provider provider = new Provider(
                "aws",
                ProviderArgs.builder()
                        .region(pulumi.config("aws").require("region"))
                        .defaultTags(ProviderDefaultTagsArgs.builder()
                                .tags(Map.of("Project", "deloton", "Stack", NAME, "ManagedBy", "pulumi"))
                                .build())
                        .build());
        new OpenIdConnectProvider(
                "deloton-github",
                OpenIdConnectProviderArgs.builder()
                        .url("https://" + ISSUER)
                        .clientIdLists("sts.amazonaws.com")
                        .build(),
                CustomResourceOptions.builder().provider(provider).protect(true).build());
    }
}
