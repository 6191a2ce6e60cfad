package io.modelserver.contract;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import com.google.protobuf.ByteString;

/**
 * Requests of the Open Inference Protocol that no client would send, over HTTP. Each
 * follows from the seed and its number alone. None changes what is served: what is loaded
 * and unloaded does not exist.
 */
final class FuzzedTensors {

    private static final List<String> CALLS = List.of("POST /v2/models/hybrid_cnn_lstm/infer",
            "POST /v2/models/hybrid_cnn_lstm/versions/20251121_081530/infer", "POST /v2/models/gone/infer",
            "POST /v2/models/hybrid_cnn_lstm/versions/..%2f/infer", "GET /v2", "GET /v2/models/hybrid_cnn_lstm",
            "GET /v2/models/hybrid_cnn_lstm/ready", "GET /v2/models/gone/ready", "GET /v2/models/stats",
            "GET /v2/models/hybrid_cnn_lstm/stats", "POST /v2/repository/index", "POST /v2/repository/models/gone/load",
            "POST /v2/repository/models/gone/unload", "GET /v2/health/ready", "PUT /v2/models/hybrid_cnn_lstm/infer",
            "GET /v2/nowhere");

    private static final List<String> ATOMS = List.of("null", "true", "0", "-1", "1e999", "NaN", "0.5",
            "9007199254740993", "99999999999999999999999999", "\"\"", "\"features\"", "\"FP32\"", "\"INT8\"",
            "\"BYTES\"", "\"FP16\"", "\"\\u0000\"", "\"../..\"", "[]", "{}", "[[]]", "[1,2,3]", "[1,60,110]",
            "[4294967296,4294967296]", "[-1]", "\"" + "x".repeat(5000) + "\"", "1".repeat(2000));

    /** Not the timeout: what is asked for too late is rightly a 504. */
    private static final List<String> FIELDS = List.of("inputs", "outputs", "name", "shape", "datatype", "data",
            "parameters", "id", "binary_data_size", "binary_data", "binary_data_output", "classification",
            "sequence_id", "sequence_start", "sequence_end", "signal", "timestamp", "routing_key", "ready", "");

    private static final List<String> LENGTHS = List.of("0", "-1", "1", "100", "99999", "4294967296", "x", "", "1e3",
            "+1");

    private final long seed;

    private final String json;

    private final byte[] raw;

    FuzzedTensors(long seed, GoldenSample sample) {
        this.seed = seed;
        this.json = "{\"inputs\":[{\"name\":\"features\",\"shape\":[1,60,110],\"datatype\":\"FP32\",\"data\":%s}]}"
            .formatted(sample.flat());
        ByteString bytes = GrpcServer.request(sample).getRawInputContents(0);
        this.raw = bytes.toByteArray();
    }

    byte[] get(int number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        byte[] head = head(random).getBytes(StandardCharsets.UTF_8);
        boolean binary = random.nextBoolean();
        byte[] body = damaged(random, binary ? join(head, raw) : head);
        String length = (random.nextInt(4) > 0) ? Integer.toString(head.length) : one(random, LENGTHS);
        String text = "%s HTTP/1.1\r\nHost: localhost\r\n%s%sConnection: close\r\nContent-Length: %d\r\n\r\n".formatted(
                (random.nextInt(3) > 0) ? CALLS.getFirst() : one(random, CALLS),
                binary ? "Inference-Header-Content-Length: " + length + "\r\n" : "",
                random.nextBoolean() ? "Content-Type: application/json\r\n" : "", body.length);
        return join(text.getBytes(StandardCharsets.ISO_8859_1), body);
    }

    private String head(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> json;
            case 1 ->
                """
                        {"inputs":[{"name":%s,"shape":%s,"datatype":%s,"parameters":{"binary_data_size":%s}}],"parameters":{%s}}"""
                    .formatted(either(random, "\"features\""), either(random, "[1,60,110]"), either(random, "\"FP32\""),
                            either(random, "26400"), member(random, 2));
            case 2 -> "{%s,%s}".formatted(member(random, 3), json.substring(1, json.length() - 1));
            default -> value(random, 4);
        };
    }

    private static String either(SplittableRandom random, String good) {
        return (random.nextInt(3) > 0) ? good : one(random, ATOMS);
    }

    private static String member(SplittableRandom random, int depth) {
        return "\"%s\":%s".formatted(one(random, FIELDS), value(random, depth));
    }

    private static String value(SplittableRandom random, int depth) {
        return switch ((depth > 0) ? random.nextInt(4) : 3) {
            case 0 -> "{%s}".formatted(member(random, depth - 1));
            case 1 -> "[%s,%s]".formatted(value(random, depth - 1), value(random, depth - 1));
            case 2 -> "{%s,%s}".formatted(member(random, depth - 1), member(random, depth - 1));
            default -> one(random, ATOMS);
        };
    }

    private static byte[] damaged(SplittableRandom random, byte[] body) {
        byte[] damaged = body.clone();
        for (int i = (body.length == 0) ? 0 : random.nextInt(3); i > 0; i--) {
            damaged[random.nextInt(Math.min(body.length, 300))] = (byte) random.nextInt();
        }
        return (random.nextInt(4) > 0) ? damaged : Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static String one(SplittableRandom random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

}
