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

/** Handles the requests of one operation after authentication. */
final class OperationHandler {
    private static final String MEDIA_TYPE = OperationHandler.class.getName();
    private static final long MAX_BODY_BYTES = 64 * 1024;

    private final ContractOperation contract;
    private final RequestReader reader;
    private final Operation operation;
    private final ResponseWriter responseWriter;
    private final RateLimit limit;
    private final BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    OperationHandler(ContractOperation contract, Operation operation, RateLimit limit, boolean validateResponses) {
        this.contract = contract;
        this.reader = new RequestReader(contract);
        this.operation = operation;
        this.responseWriter = new ResponseWriter(contract, validateResponses);
        this.limit = limit;
    }

    /** Runs before the body is read: rate limit, content negotiation and content type. */
    void admit(RoutingContext context) {
        if (!limit.tryAcquire(
                BearerAuth.caller(context).subject(), context.response().headers())) {
            ProblemMapper.send(context, new Problem(429, "The rate limit of this subject is exceeded."));
            return;
        }
        String mediaType = "";
        if (!contract.responseTypes().isEmpty()) {
            Optional<String> chosen = Negotiation.choose(context.parsedHeaders().accept(), contract.responseTypes());
            if (chosen.isEmpty()) {
                String offered = String.join(", ", contract.responseTypes());
                ProblemMapper.send(
                        context,
                        new Problem(
                                406,
                                "Accept does not include a media type of this operation; expected " + offered + "."));
                return;
            }
            mediaType = chosen.get();
        }
        String encoding = context.request().getHeader(HttpHeaders.CONTENT_ENCODING);
        if (hasBody(context) && encoding != null && !encoding.equalsIgnoreCase("identity")) {
            context.response().putHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
            ProblemMapper.send(
                    context,
                    new Problem(415, "The Content-Encoding of the body is not supported; expected identity or none."));
            return;
        }
        if (contract.hasRequestBody()
                && hasBody(context)
                && !isJson(context.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
            ProblemMapper.send(
                    context,
                    new Problem(
                            415, "The Content-Type of the body is not supported; expected " + ApiResponse.JSON + "."));
            return;
        }
        context.put(MEDIA_TYPE, mediaType);
        context.next();
    }

    /** Reads the body. Not a Vert.x body handler of the router: that would read bodies of unauthenticated clients. */
    void read(RoutingContext context) {
        if (hasBody(context)) {
            body.handle(context);
        } else {
            context.next();
        }
    }

    /** Runs after the body has been read. */
    void answer(RoutingContext context) {
        try {
            RequestReader.ParsedRequest parsed = reader.read(context);
            Caller caller = BearerAuth.caller(context);
            ApiRequest request = new ApiRequest(
                    parsed.parameters(),
                    parsed.body(),
                    caller,
                    RequestId.of(context),
                    context.<String>get(MEDIA_TYPE, ""));
            Future<ApiResponse> response = operation.answer(request);
            response.onComplete(done -> {
                if (done.succeeded()) {
                    ProblemMapper.succeeded();
                    catching(each -> responseWriter.send(each, done.result())).handle(context);
                } else {
                    ProblemMapper.send(context, done.cause());
                }
            });
        } catch (RuntimeException e) {
            ProblemMapper.send(context, e);
        }
    }

    /** Turns an exception of the handler into a problem document. */
    static Handler<RoutingContext> catching(Handler<RoutingContext> handler) {
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
