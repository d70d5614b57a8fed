package com.deloton.infra.identity;

import com.deloton.infra.base.Component;
import com.deloton.infra.base.StackContext;
import com.deloton.infra.settings.Settings.CognitoIdentity;
import com.pulumi.aws.cognito.ResourceServer;
import com.pulumi.aws.cognito.ResourceServerArgs;
import com.pulumi.aws.cognito.UserPool;
import com.pulumi.aws.cognito.UserPoolArgs;
import com.pulumi.aws.cognito.UserPoolClient;
import com.pulumi.aws.cognito.UserPoolClientArgs;
import com.pulumi.aws.cognito.UserPoolDomain;
import com.pulumi.aws.cognito.UserPoolDomainArgs;
import com.pulumi.aws.cognito.inputs.ResourceServerScopeArgs;
import com.pulumi.aws.cognito.inputs.UserPoolAccountRecoverySettingArgs;
import com.pulumi.aws.cognito.inputs.UserPoolAccountRecoverySettingRecoveryMechanismArgs;
import com.pulumi.aws.cognito.inputs.UserPoolAdminCreateUserConfigArgs;
import com.pulumi.aws.cognito.inputs.UserPoolClientTokenValidityUnitsArgs;
import com.pulumi.aws.cognito.inputs.UserPoolPasswordPolicyArgs;
import com.pulumi.aws.cognito.inputs.UserPoolSoftwareTokenMfaConfigurationArgs;
import com.pulumi.core.Output;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An Amazon Cognito user pool with the scopes of the API and a public client for the dashboard. Administrators create the
 * users. Cognito gives each user all scopes that the client may request: whoever may sign in is staff.
 */
final class UserDirectory extends Component {
    private static final String RESOURCE = "deloton";

    /** The scopes that the dashboard requests; the others are for clients of their own. */
    private static final List<String> DASHBOARD = List.of("rides:read", "riders:read", "alerts:write");

    private static final List<String> OTHERS = List.of("riders:write", "rides:delete", "ops");
    private static final int TOKEN_MINUTES = 15;
    private static final int SESSION_HOURS = 12;

    final SignInAccess.Cognito access;

    UserDirectory(StackContext context, CognitoIdentity settings, String domainName) {
        super("UserDirectory", "users", context);
        UserPool pool = pool();
        ResourceServer api = new ResourceServer(
                context.name("api"),
                ResourceServerArgs.builder()
                        .userPoolId(pool.id())
                        .identifier(RESOURCE)
                        .name(RESOURCE)
                        .scopes(Stream.concat(DASHBOARD.stream(), OTHERS.stream())
                                .map(UserDirectory::scope)
                                .toList())
                        .build(),
                own());
        new UserPoolDomain(
                context.name("users"),
                UserPoolDomainArgs.builder()
                        .userPoolId(pool.id())
                        .domain(settings.domainPrefix())
                        .build(),
                own());
        List<String> requested = Stream.concat(
                        Stream.of("openid"), DASHBOARD.stream().map(name -> RESOURCE + "/" + name))
                .toList();
        Output<String> issuer =
                pool.id().applyValue(id -> "https://cognito-idp.%s.amazonaws.com/%s".formatted(context.region(), id));
        this.access = new SignInAccess.Cognito(
                issuer,
                client(pool, api, requested, "https://" + domainName + "/").id(),
                RESOURCE + "/",
                requested.stream().collect(Collectors.joining(" ")));
        done();
    }

    private UserPool pool() {
        return new UserPool(
                context().name("users"),
                UserPoolArgs.builder()
                        .name(context().name("users"))
                        .usernameAttributes("email")
                        .autoVerifiedAttributes("email")
                        .adminCreateUserConfig(UserPoolAdminCreateUserConfigArgs.builder()
                                .allowAdminCreateUserOnly(true)
                                .build())
                        .accountRecoverySetting(UserPoolAccountRecoverySettingArgs.builder()
                                .recoveryMechanisms(UserPoolAccountRecoverySettingRecoveryMechanismArgs.builder()
                                        .name("verified_email")
                                        .priority(1)
                                        .build())
                                .build())
                        .passwordPolicy(UserPoolPasswordPolicyArgs.builder()
                                .minimumLength(14)
                                .temporaryPasswordValidityDays(3)
                                .build())
                        .mfaConfiguration("ON")
                        .softwareTokenMfaConfiguration(UserPoolSoftwareTokenMfaConfigurationArgs.builder()
                                .enabled(true)
                                .build())
                        .deletionProtection(context().protect() ? "ACTIVE" : "INACTIVE")
                        .build(),
                guarded());
    }

    private UserPoolClient client(UserPool pool, ResourceServer api, List<String> scopes, String page) {
        return new UserPoolClient(
                context().name("dashboard"),
                UserPoolClientArgs.builder()
                        .userPoolId(pool.id())
                        .name(context().name("dashboard"))
                        .generateSecret(false)
                        .allowedOauthFlowsUserPoolClient(true)
                        .allowedOauthFlows("code")
                        .allowedOauthScopes(scopes)
                        .callbackUrls(page)
                        .logoutUrls(page)
                        .supportedIdentityProviders("COGNITO")
                        .explicitAuthFlows("ALLOW_REFRESH_TOKEN_AUTH")
                        .preventUserExistenceErrors("ENABLED")
                        .enableTokenRevocation(true)
                        .accessTokenValidity(TOKEN_MINUTES)
                        .idTokenValidity(TOKEN_MINUTES)
                        .refreshTokenValidity(SESSION_HOURS)
                        .tokenValidityUnits(UserPoolClientTokenValidityUnitsArgs.builder()
                                .accessToken("minutes")
                                .idToken("minutes")
                                .refreshToken("hours")
                                .build())
                        .build(),
                with().dependsOn(api).build());
    }

    private static ResourceServerScopeArgs scope(String name) {
        return ResourceServerScopeArgs.builder()
                .scopeName(name)
                .scopeDescription("Scope " + name + " of the gateway's API")
                .build();
    }
}
