package com.deloton.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.deloton.gateway.config.settings.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhookSignatureTest {
    private static final Secret KEY = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    /** The example that the libraries of Standard Webhooks are tested with. */
    @Test
    void signsLikeTheReferenceImplementation() {
        assertThat(new WebhookSignature(List.of(KEY))
                        .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}"))
                .isEqualTo(SIGNATURE);
    }

    @Test
    void eachKeySigns() {
        Secret next = new Secret("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        assertThat(new WebhookSignature(List.of(KEY, next))
                        .of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}")
                        .split(" ", -1))
                .hasSize(2)
                .startsWith(SIGNATURE)
                .allSatisfy(signature -> assertThat(signature).startsWith("v1,"));
    }
}
