package io.modelserver.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import io.modelserver.engine.InputBuffers;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;

/** Converts the server's tensors into those of ONNX Runtime, and back. */
final class OnnxTensors {

    private OnnxTensors() {
    }

    /**
     * Finds the datatype of an input or output.
     * @param elementType as ONNX spells it
     * @return the datatype, empty if tensors of it are neither fed nor read
     */
    static Optional<Datatype> datatype(String elementType) {
        return switch (elementType) {
            case "FLOAT" -> Optional.of(Datatype.FP32);
            case "DOUBLE" -> Optional.of(Datatype.FP64);
            case "FLOAT16" -> Optional.of(Datatype.FP16);
            case "INT64" -> Optional.of(Datatype.INT64);
            case "INT32" -> Optional.of(Datatype.INT32);
            case "BOOL" -> Optional.of(Datatype.BOOL);
            case "STRING" -> Optional.of(Datatype.BYTES);
            default -> Optional.empty();
        };
    }

    /**
     * Stacks one input of all samples.
     * @param buffers hold the elements until the next pass
     * @return the tensor, to be closed
     */
    static OnnxTensor stack(OrtEnvironment environment, InputBuffers buffers, List<ModelInput> batch, int input)
            throws OrtException {
        long[] shape = InputBuffers.shape(batch, input);
        OnnxJavaType type = switch (batch.getFirst().tensors().get(input).datatype()) {
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case FP16 -> OnnxJavaType.FLOAT16;
            case INT64 -> OnnxJavaType.INT64;
            case INT32 -> OnnxJavaType.INT32;
            case BOOL -> OnnxJavaType.BOOL;
            case BYTES -> OnnxJavaType.STRING;
        };
        return switch (type) {
            case FLOAT -> OnnxTensor.createTensor(environment, buffers.stack(batch, input).asFloatBuffer(), shape);
            case STRING -> OnnxTensor.createTensor(environment,
                    batch.stream()
                        .flatMap((sample) -> Stream.of(sample.tensors().get(input).array(String[].class)))
                        .toArray(String[]::new),
                    shape);
            default -> OnnxTensor.createTensor(environment, buffers.stack(batch, input), shape, type);
        };
    }

    /**
     * Copies what a pass returned. Numbers of 16 bits that are no {@link Datatype#FP16}
     * become {@link Datatype#FP32}, which holds all of them.
     */
    static Tensor read(OnnxTensor array) throws OrtException {
        int[] shape = shape(array.getInfo().getShape());
        return switch (array.getInfo().type) {
            case FLOAT, BFLOAT16 -> new Tensor(shape, floats(array.getFloatBuffer()));
            case FLOAT16 -> Tensor.halves(shape, halves(array.getShortBuffer()));
            case DOUBLE -> new Tensor(shape, doubles(array.getDoubleBuffer()));
            case INT64 -> new Tensor(shape, longs(array.getLongBuffer()));
            case INT32 -> new Tensor(shape, ints(array.getIntBuffer()));
            case BOOL -> new Tensor(shape, booleans(array.getByteBuffer()));
            case STRING -> new Tensor(shape, texts(array));
            default -> throw new IllegalStateException("an output holds " + array.getInfo().type);
        };
    }

    private static int[] shape(long[] dimensions) {
        int[] shape = new int[dimensions.length];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Math.toIntExact(dimensions[axis]);
        }
        return shape;
    }

    private static float[] floats(FloatBuffer buffer) {
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static short[] halves(ShortBuffer buffer) {
        short[] bits = new short[buffer.remaining()];
        buffer.get(bits);
        return bits;
    }

    private static double[] doubles(DoubleBuffer buffer) {
        double[] values = new double[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static long[] longs(LongBuffer buffer) {
        long[] values = new long[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] ints(IntBuffer buffer) {
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static boolean[] booleans(ByteBuffer buffer) {
        boolean[] values = new boolean[buffer.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.get() != 0;
        }
        return values;
    }

    private static String[] texts(OnnxTensor array) throws OrtException {
        Object texts = array.getValue();
        return (texts instanceof String text) ? new String[] { text } : OrtUtil.flattenString(texts);
    }

}
