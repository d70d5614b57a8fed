package com.deloton.gateway.api.http;

import com.deloton.gateway.api.contract.ContractOperation;
import com.deloton.gateway.api.contract.Negotiation;
import com.deloton.gateway.api.contract.RequestReader;
import com.deloton.gateway.api.request.ApiRequest;
import com.deloton.gateway.api.request.ApiResponse;
import com.deloton.gateway.api.request.Operation;
import com.deloton.gateway.auth.BearerAuth;
import com.deloton.gateway.auth.Caller;
import com.deloton.gateway.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One operation on HTTP, between the token's check and the answer. */
final class OperationHandler {
    private static final String ACCEPTED = OperationHandler.class.getName();
    private static final long MAX_BODY_BYTES = 64 * 1024;

    private final ContractOperation contract;
    private final RequestReader reader;
    private final Operation operation;
    private final ResponseWriter responder;
    private final RateLimit limit;
    private final BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    OperationHandler(ContractOperation contract, Operation operation, RateLimit limit, boolean checkAnswers) {
        this.contract = contract;
        this.reader = new RequestReader(contract);
        this.operation = operation;
        this.responder = new ResponseWriter(contract, checkAnswers);
        this.limit = limit;
    }

    /** Before the body is read: may the caller ask now, in this form, for an answer that there is? */
    void admit(RoutingContext context) {
        if (!limit.admits(
                BearerAuth.caller(context).subject(), context.response().headers())) {
            ProblemMapper.send(context, new Problem(429, "This subject has asked too often."));
            return;
        }
        String accepted = "";
        if (!contract.answers().isEmpty()) {
            Optional<String> chosen =
                    Negotiation.choose(context.request().getHeader(HttpHeaders.ACCEPT), contract.answers());
            if (chosen.isEmpty()) {
                String offered = String.join(", ", contract.answers());
                ProblemMapper.send(context, new Problem(406, "The answer can be had as " + offered + "."));
                return;
            }
            accepted = chosen.get();
        }
        if (contract.takesBody()
                && hasBody(context)
                && !isJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            ProblemMapper.send(context, new Problem(415, "The body must be " + ApiResponse.JSON + "."));
            return;
        }
        context.put(ACCEPTED, accepted);
        context.next();
    }

    /** Vert.x wants its own handlers first, which would read bodies of callers whom nobody knows. */
    void read(RoutingContext context) {
        body.handle(context);
    }

    /** Once the body is read. */
    void answer(RoutingContext context) {
        try {
            RequestReader.Content content = reader.read(context);
            Caller caller = BearerAuth.caller(context);
            ApiRequest call = new ApiRequest(
                    content.parameters(),
                    content.body(),
                    caller,
                    RequestId.of(context),
                    context.<String>get(ACCEPTED, ""));
            Future<ApiResponse> reply = operation.answer(call);
            reply.onComplete(done -> {
                if (done.succeeded()) {
                    guarded(each -> responder.send(each, done.result())).handle(context);
                } else {
                    ProblemMapper.send(context, done.cause());
                }
            });
        } catch (RuntimeException e) {
            ProblemMapper.send(context, e);
        }
    }

    static Handler<RoutingContext> guarded(Handler<RoutingContext> handler) {
        return context -> {
            try {
                handler.handle(context);
            } catch (RuntimeException e) {
                ProblemMapper.send(context, e);
            }
        };
    }

    private static boolean hasBody(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return context.request().headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (length != null && !length.equals("0"));
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(ApiResponse.JSON);
    }
}
