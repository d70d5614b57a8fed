package com.deloton.gateway.store;

import io.netty.channel.ChannelHandlerContext;
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

    private static final class SocketCloser extends IdleStateHandler {
        SocketCloser(long silenceMillis) {
            super(silenceMillis, 0, 0, TimeUnit.MILLISECONDS);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a failed close has no remedy
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            context.close();
        }
    }
}
