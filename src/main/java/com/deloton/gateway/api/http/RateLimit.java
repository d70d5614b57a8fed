package com.deloton.gateway.api.http;

import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.http.Problem;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Limits the requests of each subject to this process. Safe for use by any thread. */
final class RateLimit {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final long MAX_SUBJECTS = 100_000;

    private final int requests;
    private final LoadingCache<String, Bucket> buckets;

    /** @param requests per subject and window of a minute, which begins with the subject's first request */
    RateLimit(int requests) {
        this.requests = requests;
        buckets = Caffeine.newBuilder()
                .maximumSize(MAX_SUBJECTS)
                .expireAfterAccess(WINDOW)
                .build(subject -> Bucket.builder()
                        .addLimit(Bandwidth.builder()
                                .capacity(requests)
                                .refillIntervally(requests, WINDOW)
                                .build())
                        .build());
    }

    /** Whether the request is within the limit; sets the {@code RateLimit-*} headers of the response. */
    boolean tryAcquire(String subject, MultiMap headers) {
        ConsumptionProbe probe = buckets.get(subject).tryConsumeAndReturnRemaining(1);
        long reset = seconds(probe.getNanosToWaitForReset());
        headers.set("RateLimit-Limit", String.valueOf(requests))
                .set("RateLimit-Remaining", String.valueOf(probe.getRemainingTokens()))
                .set("RateLimit-Reset", String.valueOf(reset));
        if (!probe.isConsumed()) {
            headers.set("Retry-After", String.valueOf(Math.max(1, seconds(probe.getNanosToWaitForRefill()))));
        }
        return probe.isConsumed();
    }

    /** Continues with the request of an authenticated caller if it is within the limit. */
    void admit(RoutingContext context) {
        if (tryAcquire(BearerAuth.caller(context).subject(), context.response().headers())) {
            context.next();
        } else {
            ProblemMapper.send(context, new Problem(429, "The rate limit of this subject is exceeded."));
        }
    }

    private static long seconds(long nanos) {
        return (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    }
}
