package com.deloton.infra.service;

import com.deloton.infra.base.Resources;
import com.deloton.infra.base.StackContext;

/** The configuration of the collector that runs beside a gateway. */
public final class Collector {
    private Collector() {}

    /** The CloudWatch namespace of the gateway's own metrics. */
    public static String namespace(StackContext context) {
        return "Deloton/" + context.stack();
    }

    static String configuration(StackContext context, String service) {
        return Resources.text("/collector.yaml")
                .replace("${service}", service)
                .replace("${region}", context.region())
                .replace("${namespace}", namespace(context))
                .replace("${logGroup}", context.path("metrics"));
    }
}
