package com.deloton.gateway.api.clients;

import com.deloton.gateway.local.LocalServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy by other people that holds both sides to the contract: a request that is not in it is answered with 422 (401
 * without a token), an answer that is not in it is replaced by a 500.
 */
final class Prism implements AutoCloseable {
    private final int port = LocalServers.freePort();
    private final NodeTool tool;

    /** It may not listen yet: {@link #url} awaits that. */
    Prism(String gateway) {
        tool = NodeTool.start(
                "prism",
                "proxy",
                "--errors",
                "--host",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "openapi.yaml",
                gateway);
    }

    String url() {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline && tool.isRunning()) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return "http://127.0.0.1:" + port;
            } catch (IOException e) {
                LockSupport.parkNanos(50_000_000);
            }
        }
        throw new IllegalStateException("the proxy does not listen: " + said());
    }

    String said() {
        return tool.said();
    }

    @Override
    public void close() {
        tool.close();
    }
}
