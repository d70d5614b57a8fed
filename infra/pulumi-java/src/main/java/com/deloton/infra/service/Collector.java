package com.deloton.infra.service;

import com.deloton.infra.base.Resources;
import com.deloton.infra.base.Site;

/** The configuration of the collector that runs beside a gateway. */
public final class Collector {
    private Collector() {}

    /** The CloudWatch namespace of the gateway's own metrics. */
    public static String namespace(Site site) {
        return "Deloton/" + site.stack();
    }

    static String configuration(Site site, String service) {
        return Resources.text("/collector.yaml")
                .replace("${service}", service)
                .replace("${region}", site.region())
                .replace("${namespace}", namespace(site))
                .replace("${logGroup}", site.path("metrics"));
    }
}
