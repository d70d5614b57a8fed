package com.deloton.infra.base;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;

/** A part of the stack: the parent of its resources, which inherit its provider. */
public abstract class Component extends ComponentResource {
    private final Site site;

    protected Component(String kind, String name, Site site) {
        super(
                "deloton:infra:" + kind,
                site.name(name),
                ComponentResourceOptions.builder().providers(site.provider()).build());
        this.site = site;
    }

    public final Site site() {
        return site;
    }

    public final CustomResourceOptions.Builder with() {
        return CustomResourceOptions.builder().parent(this);
    }

    public final CustomResourceOptions own() {
        return with().build();
    }

    /** For what holds data: protected where the stack is. */
    public final CustomResourceOptions guarded() {
        return with().protect(site.protect()).build();
    }

    protected final void done() {
        registerOutputs(Map.<String, Output<?>>of());
    }
}
