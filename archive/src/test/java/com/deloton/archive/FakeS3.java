package com.deloton.archive;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operations of S3 that Iceberg uses, on objects in memory: PutObject, GetObject with ranges, HeadObject, DeleteObject,
 * DeleteObjects and ListObjectsV2. Paths are {@code /bucket/key}. Signatures are not verified.
 */
final class FakeS3 implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
    private static final Pattern PREFIX = Pattern.compile("(?:^|&)prefix=([^&]*)");

    final NavigableMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final HttpServer server;

    FakeS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange http) throws IOException {
        try (http) {
            String key = http.getRequestURI().getPath().substring(1);
            String query = String.valueOf(http.getRequestURI().getQuery());
            byte[] body = http.getRequestBody().readAllBytes();
            switch (http.getRequestMethod()) {
                case "PUT" -> put(http, key, body);
                case "GET" -> {
                    if (query.contains("list-type=2")) {
                        list(http, key.replaceAll("/$", ""), query);
                    } else {
                        get(http, key);
                    }
                }
                case "HEAD" -> head(http, key);
                case "DELETE" -> {
                    objects.remove(key);
                    http.sendResponseHeaders(204, -1);
                }
                case "POST" -> deleteAll(http, key.replaceAll("/$", ""), new String(body, StandardCharsets.UTF_8));
                default -> http.sendResponseHeaders(405, -1);
            }
        }
    }

    private void put(HttpExchange http, String key, byte[] body) throws IOException {
        boolean chunked = String.valueOf(http.getRequestHeaders().getFirst("Content-Encoding"))
                .contains("aws-chunked");
        objects.put(key, chunked ? unchunked(body) : body);
        http.getResponseHeaders().set("ETag", "\"1\"");
        http.sendResponseHeaders(200, -1);
    }

    /** Without the lines that begin with the size of a chunk, and the trailers. */
    private static byte[] unchunked(byte[] body) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int end = at;
            while (body[end] != '\r') {
                end++;
            }
            String line = new String(body, at, end - at, StandardCharsets.US_ASCII);
            int size = Integer.parseInt(line.replaceFirst(";.*", ""), 16);
            if (size == 0) {
                return content.toByteArray();
            }
            content.write(body, end + 2, size);
            at = end + 2 + size + 2;
        }
    }

    private void get(HttpExchange http, String key) throws IOException {
        byte[] object = objects.get(key);
        if (object == null) {
            send(http, 404, "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>");
            return;
        }
        Matcher range = RANGE.matcher(String.valueOf(http.getRequestHeaders().getFirst("Range")));
        int status = 200;
        byte[] part = object;
        if (range.matches()) {
            int from = Integer.parseInt(range.group(1));
            int last = range.group(2).isEmpty()
                    ? object.length - 1
                    : Math.min(object.length - 1, Integer.parseInt(range.group(2)));
            part = Arrays.copyOfRange(object, from, last + 1);
            status = 206;
            http.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + last + "/" + object.length);
        }
        http.getResponseHeaders().set("ETag", "\"1\"");
        http.sendResponseHeaders(status, part.length == 0 ? -1 : part.length);
        http.getResponseBody().write(part);
    }

    private void head(HttpExchange http, String key) throws IOException {
        byte[] object = objects.get(key);
        if (object != null) {
            http.getResponseHeaders().set("Content-Length", Integer.toString(object.length));
            http.getResponseHeaders().set("ETag", "\"1\"");
        }
        http.sendResponseHeaders(object == null ? 404 : 200, -1);
    }

    private void list(HttpExchange http, String bucket, String query) throws IOException {
        Matcher prefix = PREFIX.matcher(query);
        String wanted = bucket + "/" + (prefix.find() ? prefix.group(1) : "");
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        objects.tailMap(wanted).forEach((key, object) -> {
            if (key.startsWith(wanted)) {
                xml.append("<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>%d</Size></Contents>"
                        .formatted(key.substring(bucket.length() + 1), Instant.EPOCH, object.length));
            }
        });
        send(http, 200, xml.append("</ListBucketResult>").toString());
    }

    private void deleteAll(HttpExchange http, String bucket, String request) throws IOException {
        List<String> keys = new ArrayList<>();
        KEY.matcher(request).results().forEach(key -> keys.add(key.group(1)));
        keys.forEach(key -> objects.remove(bucket + "/" + key));
        send(http, 200, "<DeleteResult></DeleteResult>");
    }

    private static void send(HttpExchange http, int status, String xml) throws IOException {
        byte[] bytes = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml).getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", "application/xml");
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
    }
}
