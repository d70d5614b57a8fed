package com.deloton.infra.base;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import java.util.Map;

/** A part of the stack: the parent of its resources, which inherit its provider. */
public abstract class Component extends ComponentResource {
    private final StackContext context;

    protected Component(String kind, String name, StackContext context) {
        super(
                "deloton:infra:" + kind,
                context.name(name),
                ComponentResourceOptions.builder().providers(context.provider()).build());
        this.context = context;
    }

    public final StackContext context() {
        return context;
    }

    public final CustomResourceOptions.Builder with() {
        return CustomResourceOptions.builder().parent(this);
    }

    public final CustomResourceOptions own() {
        return with().build();
    }

    /** Options of resources that hold data: protected if the stack is. */
    public final CustomResourceOptions guarded() {
        return with().protect(context.protect()).build();
    }

    protected final void done() {
        registerOutputs(Map.<String, Output<?>>of());
    }
}
