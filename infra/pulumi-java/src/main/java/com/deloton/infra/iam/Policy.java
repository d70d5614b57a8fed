package com.deloton.infra.iam;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.pulumi.core.Output;
import java.util.List;

/** Policy documents as JSON. */
public final class Policy {
    private Policy() {}

    public static Output<String> of(Statement... statements) {
        return of(List.of(statements));
    }

    public static Output<String> of(List<Statement> statements) {
        return Output.all(statements.stream().map(Statement::json).toList()).applyValue(known -> {
            JsonArray array = new JsonArray();
            known.forEach(array::add);
            JsonObject document = new JsonObject();
            document.addProperty("Version", "2012-10-17");
            document.add("Statement", array);
            return new Gson().toJson(document);
        });
    }

    /** Who may assume a role: the given services, for this account's resources only. */
    public static Output<String> assumedBy(Output<String> account, String... services) {
        return of(Statement.allow("sts:AssumeRole")
                .toService(services)
                .when("StringEquals", "aws:SourceAccount", account));
    }
}
