package io.modelserver.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests that no bot would send. Each follows from the seed and its number alone, so
 * that one which does harm can be sent again. None changes what is served: stages are
 * never the name of one, and what is reloaded does not exist.
 */
final class FuzzedRequests {

    private static final List<String> CALLS = List.of("POST /predict", "POST /api/ml/predict",
            "POST /api/ml/predict/batch", "PUT /api/ml/windows/FUZZ", "POST /api/ml/models/reload");

    private static final List<String> OTHER_CALLS = List.of("GET /health", "GET /api/ml/health", "GET /api/ml/models",
            "GET /api/ml/models?loaded=maybe", "GET /api/ml/models/hybrid_cnn_lstm", "POST /api/ml/models/gone/reload",
            "POST /api/ml/models/hybrid_cnn_lstm/versions/20251121_081530/stage", "POST /api/ml/models/gone/rollback",
            "GET /api/ml/windows", "DELETE /api/ml/windows/FUZZ", "GET /docs", "GET /redoc", "GET /openapi.json",
            "GET /actuator/health/liveness", "GET /actuator/prometheus", "GET /actuator/info", "GET /error", "GET /",
            "HEAD /health", "OPTIONS /predict", "TRACE /predict");

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
            "TRACE", "CONNECT", "BREW", "get", "P\u00d6ST", "", "X".repeat(300));

    private static final List<String> HEADERS = List.of("Content-Type: application/json", "Content-Type: text/plain",
            "Content-Type: application/json; charset=utf-16", "Content-Type: */*", "Accept: text/html", "Accept: ",
            "Accept: application/json;q=2", "Accept-Encoding: gzip", "Content-Encoding: gzip", "Expect: 100-continue",
            "Expect: nonsense", "Range: bytes=0-1", "Range: bytes=9-1,-1", "Host: elsewhere", "Host: a b",
            "Upgrade: h2c", "Connection: Upgrade", "Connection: keep-alive", "Content-Length: 5",
            "Content-Length: 99999", "Content-Length: 0x10", "Origin: null", "Origin: %", "Forwarded: for=_x",
            "X-HTTP-Method-Override: DELETE", "Cookie: a=b; \u0001", "Cookie: $Version=1", "Authorization: Basic !",
            "If-None-Match: *", "If-Modified-Since: never", "Accept-Language: xx-\u00ff", "Trailer: X", " folded: yes",
            "No colon", ": no name", "X: " + "x".repeat(9000), "X-\u0000: nul");

    private static final List<String> ATOMS = List.of("null", "true", "0", "-0", "-1", "1e999", "-1e-999", "1E400",
            "0.1", "00", "NaN", "9007199254740993", "99999999999999999999999999", "\"\"", "\"BTCUSDT\"", "\"\\ud800\"",
            "\"\\u0000\"", "\"../..\"", "\"latest\"", "\"staging\"", "\"20251121_081530\"", "\"hybrid_cnn_lstm\"",
            "\"gone\"", "\"2026-11-23T00:00:00Z\"", "\"0000-00-00\"", "[]", "{}", "[[]]", "[1,2,3]", "\"\u00ff\"",
            "\"" + "x".repeat(5000) + "\"", "1".repeat(2000));

    private static final List<String> FIELDS = List.of("symbol", "features", "raw_lob", "model_name", "model_version",
            "routing_key", "experiment_id", "timestamp", "requests", "max_batch_size", "version", "stage", "orderbook",
            "candle", "indicator", "a", "", "\\u0073ymbol");

    private static final List<String> ODD_PATHS = List.of("%", "%zz", "%00", "%2e%2e", "..", "//", ";x=y", "?",
            "?loaded=", "#", "\\", "%ff%fe", "\u00e9", "*", "%c0%ae", "|", "{x}", "%0d%0aX: y", "\t", "/");

    private final long seed;

    private final byte[] window;

    private final byte[] step;

    FuzzedRequests(long seed, GoldenSample sample) {
        this.seed = seed;
        this.window = bytes(sample.request().toString());
        this.step = bytes(GoldenSample.request(sample.named().get(0)).toString().replace("BTCUSDT", "FUZZ"));
    }

    /**
     * What is sent on a connection of its own; it may hold several requests, or a part of
     * one.
     */
    byte[] get(long number) {
        SplittableRandom random = new SplittableRandom(seed ^ number * 0x9E3779B97F4A7C15L);
        byte[] request = request(random);
        return switch (random.nextInt(20)) {
            case 0 -> mutated(request, random);
            case 1 -> cut(request, random);
            case 2 -> joined(request, request(random));
            case 3 -> noise(random);
            default -> request;
        };
    }

    private byte[] request(SplittableRandom random) {
        boolean usual = random.nextInt(5) > 0;
        String call = any(usual ? CALLS : OTHER_CALLS, random);
        byte[] body = (usual || random.nextInt(4) == 0) ? body(call, random) : new byte[0];
        int space = call.indexOf(' ');
        String method = (random.nextInt(25) == 0) ? any(METHODS, random) : call.substring(0, space);
        String path = call.substring(space + 1);
        if (random.nextInt(8) == 0) {
            int at = random.nextInt(path.length() + 1);
            path = path.substring(0, at) + any(ODD_PATHS, random) + path.substring(at);
        }
        StringBuilder head = new StringBuilder(method).append(' ').append(path).append(' ');
        head.append((random.nextInt(60) == 0) ? "HTTP/1.0" : "HTTP/1.1").append("\r\n");
        if (random.nextInt(60) > 0) {
            head.append("Host: localhost\r\n");
        }
        if (random.nextInt(15) > 0) {
            head.append("Content-Type: application/json\r\n");
        }
        while (random.nextInt(4) == 0) {
            head.append(any(HEADERS, random)).append("\r\n");
        }
        return framed(head, body, random);
    }

    private byte[] framed(StringBuilder head, byte[] body, SplittableRandom random) {
        if (random.nextInt(6) == 0) {
            head.append("Transfer-Encoding: chunked\r\n\r\n");
            return joined(bytes(head.toString()), chunked(body, random));
        }
        int length = (random.nextInt(20) == 0) ? random.nextInt(body.length * 2 + 2) : body.length;
        return joined(bytes(head.append("Content-Length: ").append(length).append("\r\n\r\n").toString()), body);
    }

    private static byte[] chunked(byte[] body, SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < body.length;) {
            int size = Math.min(body.length - from, 1 + random.nextInt(20_000));
            int told = (random.nextInt(100) == 0) ? random.nextInt() : size;
            out.writeBytes(bytes(Integer.toHexString(told) + ((random.nextInt(20) == 0) ? ";x=y" : "") + "\r\n"));
            out.write(body, from, size);
            out.writeBytes(bytes("\r\n"));
            from += size;
        }
        out.writeBytes(bytes((random.nextInt(20) == 0) ? "0\r\nX: y\r\n\r\n" : "0\r\n\r\n"));
        return out.toByteArray();
    }

    private byte[] body(String call, SplittableRandom random) {
        byte[] good = (random.nextInt(4) == 0) ? window : step;
        if (call.endsWith("/batch")) {
            good = joined(bytes("{\"requests\":["), good, bytes(","), step, bytes("]}"));
        }
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> mutated(good, random);
            case 3 -> cut(good, random);
            case 4 -> noise(random);
            case 5 -> good;
            default -> bytes(object(random, 0));
        };
    }

    private static String object(SplittableRandom random, int depth) {
        StringBuilder text = new StringBuilder("{");
        for (int fields = random.nextInt(6); fields > 0; fields--) {
            text.append((text.length() > 1) ? "," : "").append('"').append(any(FIELDS, random)).append("\":");
            text.append(value(random, depth));
        }
        return text.append('}').toString();
    }

    private static String value(SplittableRandom random, int depth) {
        return switch (random.nextInt(12)) {
            case 0 -> (depth < 8) ? object(random, depth + 1) : "{}";
            case 1 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
            case 2 -> "[" + "0.5,".repeat(random.nextInt(8000)) + value(random, depth + 1) + "]";
            case 3 -> "[".repeat(random.nextInt(2000)) + "1";
            case 4 -> random.nextDouble() + "e" + random.nextInt(-400, 400);
            case 5 -> Long.toString(random.nextLong());
            default -> any(ATOMS, random);
        };
    }

    /** Bits flipped, bytes replaced, runs taken out or said twice. */
    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(5); changes > 0 && bytes.length > 1; changes--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + 1 + random.nextInt(64));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) "\"{}[],:\\\r\n\0 e-.".charAt(random.nextInt(15));
                case 3 -> bytes = joined(part(bytes, 0, at), part(bytes, to, bytes.length));
                default -> bytes = joined(part(bytes, 0, to), part(bytes, at, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, SplittableRandom random) {
        return part(bytes, 0, random.nextInt(bytes.length + 1));
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(2000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String any(List<String> choices, SplittableRandom random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

}
