package io.pacioli.ledger.app.fuzz;

import io.pacioli.ledger.app.fuzz.HttpRequestBytes.Manner;
import io.pacioli.ledger.testkit.fuzz.Corpus;
import io.pacioli.ledger.testkit.fuzz.Mutator;
import io.pacioli.ledger.testkit.fuzz.Tokens;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Requests for the operations of a ledger that hardly anybody would send, each decided by its random numbers alone. Thread safe. */
final class HttpRequests {
    private static final int PERCENT = 100;
    private static final int THOUSAND = 1_000;
    private static final int OVERSIZED_BYTES = 40_000;
    private static final int LARGE_BODY_BYTES = 3 << 20;
    private static final int PARAMETERS_MAX = 4;
    private static final List<String> METHODS = List.of(
            "PUT",
            "DELETE",
            "PATCH",
            "OPTIONS",
            "TRACE",
            "HEAD",
            "GET",
            "POST",
            "QUERY",
            "get",
            "CONNECT",
            "A".repeat(40));
    private static final List<String> MEDIA_TYPES = List.of(
            "text/plain",
            "application/json; charset=utf-16",
            "application/json; charset=\"",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "a/b/c",
            ";",
            "*/*",
            "application/json, application/json");
    private static final List<String> HEADERS = List.of(
            "Accept: \u00FF\u00FF",
            "Accept: text/html",
            "Accept-Encoding: gzip, deflate, br",
            "Range: bytes=0-1",
            "If-None-Match: W/\"0:0",
            "If-None-Match: ,,,\"\",W/",
            "If-Modified-Since: yesterday",
            "Cookie: " + "a=b; ".repeat(500),
            "Cookie: =\u0001",
            "Content-Encoding: gzip",
            "Expect: 100-continue",
            "Expect: nothing",
            "Upgrade: h2c",
            "Upgrade: websocket",
            "X-Forwarded-For: \u00E4",
            "X-HTTP-Method-Override: DELETE",
            "Last-Event-ID: 0:1",
            "Last-Event-ID: " + "9".repeat(400),
            "Last-Event-ID: \u00FF",
            "Idempotency-Key: ",
            "Idempotency-Key: \"\"",
            "Idempotency-Key: \"",
            "Idempotency-Key: a b",
            "Idempotency-Key: \u00FC",
            "Idempotency-Key: " + "k".repeat(128),
            "Idempotency-Key: " + "k".repeat(129),
            "Idempotency-Key: one\r\nIdempotency-Key: two",
            "Authorization: Basic ====",
            "Connection: keep-alive, Upgrade",
            "Host: elsewhere\r\nHost: nowhere",
            "Origin: null");

    private final List<HttpOperation> operations;
    private final List<String> commands;
    private final String host;

    HttpRequests(List<HttpOperation> operations, Corpus corpus, String host) {
        this.operations = List.copyOf(operations);
        this.commands = corpus.messages(Corpus.Kind.COMMAND);
        this.host = host;
    }

    /** The next one. */
    HttpRequestBytes next(SplittableRandom random) {
        int dice = random.nextInt(THOUSAND);
        if (dice < 2) {
            return new HttpRequestBytes(whole(random).bytes(), Manner.SLOW, false);
        }
        if (dice < 150) {
            return broken(random);
        }
        return whole(random);
    }

    private HttpRequestBytes whole(SplittableRandom random) {
        HttpOperation operation = operations.get(random.nextInt(operations.size()));
        // Half of all are commands: they go farthest.
        boolean isCommand = random.nextBoolean();
        String method = operation.method();
        String path = isCommand ? "/v1/commands" : path(random, operation.path());
        if (isCommand) {
            method = "POST";
        }
        if (random.nextInt(PERCENT) < 8) {
            method = METHODS.get(random.nextInt(METHODS.size()));
        }
        String query = isCommand ? commandQuery(random) : query(random, operation);
        List<String> headers = new ArrayList<>(List.of("Host: " + host));
        for (int left = random.nextInt(PERCENT) < 30 ? 1 + random.nextInt(3) : 0; left > 0; left--) {
            headers.add(HEADERS.get(random.nextInt(HEADERS.size())));
        }
        if (random.nextInt(THOUSAND) < 5) {
            headers.add("X-Large: " + "x".repeat(random.nextInt(OVERSIZED_BYTES)));
        }
        byte[] body = isCommand || operation.method().equals("POST") ? body(random, path) : new byte[0];
        if (body.length > 0 || isCommand) {
            String type = random.nextInt(PERCENT) < 5
                    ? MEDIA_TYPES.get(random.nextInt(MEDIA_TYPES.size()))
                    : "application/json";
            headers.add("Content-Type: " + type);
        }
        boolean isChunked = body.length > 0 && random.nextInt(PERCENT) < 10;
        headers.add(isChunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length);
        String head = method + " " + path + query + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        return new HttpRequestBytes(
                joined(latin(head), isChunked ? chunked(random, body) : body), Manner.WHOLE, method.equals("HEAD"));
    }

    private static String commandQuery(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> "?wait=0";
            case 1 -> "?wait=" + encoded(random, Tokens.text(random));
            case 2 -> "?wait=1s&wait=1s";
            default -> "?wait=2s";
        };
    }

    private static String path(SplittableRandom random, String template) {
        String path = template;
        while (path.contains("{")) {
            String value = random.nextInt(3) == 0
                    ? List.of("alice", "bob", "GOLD", "EUR", "0:1", "t-1").get(random.nextInt(6))
                    : encoded(random, Tokens.text(random));
            path = path.substring(0, path.indexOf('{')) + value + path.substring(path.indexOf('}') + 1);
        }
        return switch (random.nextInt(40)) {
            case 0 -> path + "/";
            case 1 -> path.replaceFirst("/", "//");
            case 2 -> path + "/../" + encoded(random, Tokens.text(random));
            case 3 -> path + ";a=b";
            case 4 -> path.replace("v1", "%761");
            case 5 -> path + "%00";
            case 6 -> path + "%";
            case 7 -> "/" + encoded(random, Tokens.text(random));
            default -> path;
        };
    }

    private static String query(SplittableRandom random, HttpOperation operation) {
        StringBuilder query = new StringBuilder("?wait=20ms");
        List<String> names = operation.queries();
        for (int left = names.isEmpty() ? 0 : random.nextInt(PARAMETERS_MAX); left > 0; left--) {
            String name = names.get(random.nextInt(names.size()));
            if (!name.equals("wait") || random.nextInt(PERCENT) == 0) {
                query.append('&').append(name).append('=').append(encoded(random, parameter(random, name)));
            }
        }
        return switch (random.nextInt(30)) {
            case 0 -> query + "&&=&a&%";
            case 1 -> query + "&" + "a=b&".repeat(random.nextInt(THOUSAND));
            case 2 -> "?";
            default -> query.toString();
        };
    }

    /** What fits, now and then: a parameter that is refused hides those behind it. */
    private static String parameter(SplittableRandom random, String name) {
        if (random.nextInt(3) == 0) {
            return Tokens.text(random);
        }
        List<String> fitting = switch (name) {
            case "position" -> List.of("0:0", "1:1", "0:1,1:1", "5:1", "0:999999999");
            case "limit", "neighbours" -> List.of("1", "3", "500", "501");
            case "from", "to", "at" -> List.of("2026-11-23", "2026-11-23T10:15:30.123Z", "1970-01-01", "9999-12-31");
            case "asset" -> List.of("GOLD", "EUR", "NEVER");
            case "cursor" -> List.of("MA", "eyJ2IjoxfQ", "0:1", "AAAA", "_-_-");
            default ->
                List.of("alice", "true", "available", "TransferPosted", "json", "csv", "newest-first", "hour", "day");
        };
        return fitting.get(random.nextInt(fitting.size()));
    }

    private static String encoded(SplittableRandom random, String text) {
        String escaped = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        return switch (random.nextInt(20)) {
            case 0 -> "%C0%80";
            case 1 -> escaped + "%FF";
            case 2 -> URLEncoder.encode(escaped, StandardCharsets.UTF_8);
            case 3 -> escaped + "%E2%82";
            case 4 -> escaped + "%G1";
            case 5 -> escaped + "%u0041";
            default -> escaped;
        };
    }

    private byte[] body(SplittableRandom random, String path) {
        if (random.nextInt(THOUSAND) == 0) {
            return new byte[LARGE_BODY_BYTES];
        }
        return path.equals("/v1/commands")
                ? Mutator.next(random, commands)
                : Mutator.next(random, List.of("{\"accounts\":[\"alice\",\"bob\",\"{a}\"],\"assets\":[\"GOLD\"]}"));
    }

    private static byte[] chunked(SplittableRandom random, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        while (from < body.length) {
            int length = Math.min(body.length - from, 1 + random.nextInt(1 + body.length / 3));
            out.writeBytes(latin(Integer.toHexString(length) + "\r\n"));
            out.write(body, from, length);
            out.writeBytes(latin("\r\n"));
            from += length;
        }
        out.writeBytes(latin("0\r\n\r\n"));
        return out.toByteArray();
    }

    private HttpRequestBytes broken(SplittableRandom random) {
        byte[] request = whole(random).bytes();
        String text = new String(request, StandardCharsets.ISO_8859_1);
        String changed = switch (random.nextInt(12)) {
            case 0 -> text.substring(0, random.nextInt(text.length()));
            case 1 -> text.replaceFirst("HTTP/1.1", "HTTP/9.9");
            case 2 -> text.replaceFirst("HTTP/1.1", "HTTP/1.0");
            case 3 -> text.replaceFirst(" HTTP/1.1", "");
            case 4 -> text.replaceFirst("Host", "Host ");
            case 5 -> text.replaceFirst("\r\n", "\r\nContent-Length: 7\r\nContent-Length: 9\r\n");
            case 6 -> text.replaceFirst("\r\n", "\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n");
            case 7 -> text.replaceFirst("Content-Length: ", "Content-Length: -");
            case 8 -> text.replaceFirst("Content-Length: ", "Content-Length: 99999999999999999999");
            case 9 -> text.replaceFirst("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n");
            case 10 -> "\u0016\u0003\u0001" + text;
            default -> new String(Mutator.next(random, List.of(text)), StandardCharsets.ISO_8859_1);
        };
        return new HttpRequestBytes(latin(changed), Manner.BROKEN, false);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(first.length + second.length);
        out.writeBytes(first);
        out.writeBytes(second);
        return out.toByteArray();
    }
}
