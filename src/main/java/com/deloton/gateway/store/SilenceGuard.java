package com.deloton.gateway.store;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Handler;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes the socket of a pooled connection on which nothing has arrived for some time, whether it is in use or idle. The
 * client's own idle timeout says goodbye and waits for the server to hang up, which one that is gone never does; so this
 * stands ahead of the client's codec. Unanswered statements fail when the socket closes.
 */
final class SilenceGuard implements Handler<SqlConnection> {
    private final long silenceMillis;

    SilenceGuard(Duration silence) {
        silenceMillis = silence.toMillis();
    }

    /** For each new connection of a pool, before it is used. */
    @Override
    public void handle(SqlConnection connection) {
        if (connection instanceof SqlConnectionInternal internal
                && socketOf(internal.unwrap()) instanceof SocketConnectionBase base) {
            base.socket().channelHandlerContext().pipeline().addFirst("silence", new SocketCloser(silenceMillis));
        }
        connection.close();
    }

    @SuppressWarnings("ReferenceEquality") // the innermost connection unwraps to itself
    private static Connection socketOf(Connection pooled) {
        Connection inner = pooled.unwrap();
        return inner == pooled ? pooled : socketOf(inner);
    }

    /** A request that is sent late in the silence of an idle connection gets the whole time for its response. */
    static final class SocketCloser extends IdleStateHandler {
        private final long silenceNanos;
        private boolean requested;
        private long requestedAt;

        SocketCloser(long silenceMillis) {
            super(silenceMillis, 0, 0, TimeUnit.MILLISECONDS);
            silenceNanos = TimeUnit.MILLISECONDS.toNanos(silenceMillis);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
            if (!requested) {
                requested = true;
                requestedAt = now(context);
            }
            super.write(context, message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            requested = false;
            super.channelRead(context, message);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a failed close has no remedy
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            long left = requested ? requestedAt + silenceNanos - now(context) : 0;
            if (left <= 0) {
                context.close();
                return;
            }
            long since = requestedAt;
            context.executor()
                    .schedule(
                            () -> {
                                if (requested && requestedAt == since) {
                                    context.close();
                                }
                            },
                            left,
                            TimeUnit.NANOSECONDS);
        }

        private static long now(ChannelHandlerContext context) {
            return context.executor().ticker().nanoTime();
        }
    }
}
