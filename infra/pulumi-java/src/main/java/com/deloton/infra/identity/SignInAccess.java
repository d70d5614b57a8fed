package com.deloton.infra.identity;

import com.deloton.infra.base.StackContext;
import com.deloton.infra.settings.Settings;
import com.deloton.infra.settings.Settings.CognitoIdentity;
import com.deloton.infra.settings.Settings.ExternalIdentity;
import com.pulumi.core.Output;

/** What a gateway must have to accept the tokens of an identity provider and to sign people in with it. */
public sealed interface SignInAccess {

    record External(Settings.Api api, Settings.SignIn signIn) implements SignInAccess {}

    /**
     * A user pool of the stack.
     *
     * @param scopePrefix what Cognito puts before each scope of the API
     * @param scope what the dashboard requests, separated by spaces
     */
    record Cognito(Output<String> issuer, Output<String> clientId, String scopePrefix, String scope)
            implements SignInAccess {}

    static SignInAccess of(StackContext context, Settings settings) {
        return switch (settings.identity()) {
            case ExternalIdentity external -> new External(external.api(), external.signIn());
            case CognitoIdentity cognito ->
                new UserDirectory(context, cognito, settings.deployment().domainName()).access;
        };
    }
}
