package io.modelserver.contract;

import java.util.List;
import java.util.SplittableRandom;

import com.google.protobuf.ByteString;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;

/**
 * Messages for {@code ModelInfer} that no client would send. Each follows from the seed
 * and its number alone, so that one which does harm can be sent again.
 */
final class FuzzedMessages {

    private static final List<String> DATATYPES = List.of("FP32", "FP64", "FP16", "BF16", "INT8", "INT16", "INT32",
            "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL", "BYTES", "", "fp32", "FP8", "x".repeat(300));

    private static final List<String> NAMES = List.of("features", "", "raw_lob", "nobody", "../..", "\u0000", "цена",
            "x".repeat(5000));

    private static final List<String> PARAMETERS = List.of("sequence_id", "sequence_start", "sequence_end", "timeout",
            "signal", "routing_key", "experiment_id", "timestamp", "timeframe", "window_key", "binary_data_output",
            "classification", "priority", "");

    private static final long[] DIMENSIONS = { 1, 60, 110, 6600, 0, -1, 2, 3, 128, 1 << 20, Integer.MAX_VALUE, 1L << 32,
            Long.MAX_VALUE, Long.MIN_VALUE };

    private final long seed;

    private final ModelInferRequest good;

    FuzzedMessages(long seed, GoldenSample sample) {
        this.seed = seed;
        this.good = GrpcServer.request(sample).build();
    }

    byte[] get(int number) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        return switch (random.nextInt(8)) {
            case 0 -> bytes(random, random.nextInt(400));
            case 1, 2 -> damaged(random, good.toByteArray());
            case 3 -> damaged(random, built(random).toByteArray());
            default -> built(random).toByteArray();
        };
    }

    private ModelInferRequest built(SplittableRandom random) {
        ModelInferRequest.Builder request = random.nextBoolean() ? good.toBuilder() : ModelInferRequest.newBuilder();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            change(random, request);
        }
        return request.build();
    }

    private void change(SplittableRandom random, ModelInferRequest.Builder request) {
        switch (random.nextInt(9)) {
            case 0 -> request.setModelName(one(random, List.of("hybrid_cnn_lstm", "gone", "..", "", "a/b")));
            case 1 ->
                request.setModelVersion(one(random, List.of("1", "staging", "latest", "20251121_081530", "..", "")));
            case 2 -> request.setId(one(random, NAMES));
            case 3 -> request.putParameters(one(random, PARAMETERS), parameter(random));
            case 4 -> request.addInputs(input(random));
            case 5 -> request.addRawInputContents(ByteString.copyFrom(bytes(random, random.nextInt(3000))));
            case 6 -> request.addOutputs(InferRequestedOutputTensor.newBuilder()
                .setName(one(random, List.of("direction_logits", "confidence", "nothing", "")))
                .putParameters(one(random, PARAMETERS), parameter(random)));
            case 7 -> request.clearRawInputContents();
            default -> {
                if (request.getInputsCount() > 0) {
                    shape(random, request.getInputsBuilder(0));
                }
            }
        }
    }

    private InferInputTensor.Builder input(SplittableRandom random) {
        InferInputTensor.Builder input = InferInputTensor.newBuilder()
            .setName(one(random, NAMES))
            .setDatatype(one(random, DATATYPES));
        shape(random, input);
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> input.getContentsBuilder().addFp32Contents(Float.intBitsToFloat(random.nextInt()));
                case 1 -> input.getContentsBuilder().addIntContents(random.nextInt());
                case 2 -> input.getContentsBuilder().addBytesContents(ByteString.copyFrom(bytes(random, 8)));
                case 3 -> input.getContentsBuilder().addUint64Contents(random.nextLong());
                default -> input.getContentsBuilder().addFp64Contents(Double.longBitsToDouble(random.nextLong()));
            }
        }
        return input;
    }

    private static void shape(SplittableRandom random, InferInputTensor.Builder input) {
        input.clearShape();
        for (int axes = random.nextInt(5); axes > 0; axes--) {
            input.addShape(DIMENSIONS[random.nextInt(DIMENSIONS.length)]);
        }
    }

    private static InferParameter parameter(SplittableRandom random) {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        return switch (random.nextInt(6)) {
            case 0 -> parameter.setBoolParam(random.nextBoolean()).build();
            case 1 -> parameter.setInt64Param(random.nextInt(-2, 3)).build();
            case 2 -> parameter.setInt64Param(random.nextLong()).build();
            case 3 -> parameter.setDoubleParam(Double.longBitsToDouble(random.nextLong())).build();
            case 4 -> parameter.setStringParam(one(random, NAMES)).build();
            default -> parameter.setUint64Param(random.nextLong()).build();
        };
    }

    private static byte[] damaged(SplittableRandom random, byte[] message) {
        if (message.length == 0) {
            return message;
        }
        byte[] damaged = message.clone();
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            damaged[random.nextInt(Math.min(damaged.length, 200))] = (byte) random.nextInt();
        }
        return random.nextBoolean() ? damaged : java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
    }

    private static byte[] bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

}
