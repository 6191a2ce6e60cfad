package io.modelserver.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.Objects;
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
import org.jspecify.annotations.Nullable;

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
     * Creates the tensor of one input of all samples.
     * @param memory the stacked elements, which the tensor lies over; null for texts,
     * which are copied
     * @return the tensor, to be closed
     */
    static OnnxTensor stack(OrtEnvironment environment, @Nullable ByteBuffer memory, List<ModelInput> batch, int input)
            throws OrtException {
        long[] shape = InputBuffers.shape(batch, input);
        return switch (batch.getFirst().tensors().get(input).datatype()) {
            case FP32 -> over(environment, memory, shape, OnnxJavaType.FLOAT);
            case FP64 -> over(environment, memory, shape, OnnxJavaType.DOUBLE);
            case FP16 -> over(environment, memory, shape, OnnxJavaType.FLOAT16);
            case INT64 -> over(environment, memory, shape, OnnxJavaType.INT64);
            case INT32 -> over(environment, memory, shape, OnnxJavaType.INT32);
            case BOOL -> over(environment, memory, shape, OnnxJavaType.BOOL);
            case BYTES -> OnnxTensor.createTensor(environment,
                    batch.stream()
                        .flatMap((sample) -> Stream.of(sample.tensors().get(input).array(String[].class)))
                        .toArray(String[]::new),
                    shape);
        };
    }

    /**
     * Creates a tensor whose elements are those of a direct buffer, which is not copied.
     */
    static OnnxTensor over(OrtEnvironment environment, @Nullable ByteBuffer memory, long[] shape, OnnxJavaType type)
            throws OrtException {
        return OnnxTensor.createTensor(environment, Objects.requireNonNull(memory), shape, type);
    }

    /**
     * Copies what a pass returned. Numbers of 16 bits that are no {@link Datatype#FP16}
     * become {@link Datatype#FP32}, which holds all of them.
     */
    static Tensor read(OnnxTensor array) throws OrtException {
        int[] shape = shape(array.getInfo().getShape());
        return switch (array.getInfo().type) {
            case BFLOAT16 -> new Tensor(shape, floats(array.getFloatBuffer()));
            case STRING -> new Tensor(shape, texts(array));
            default -> read(array.getInfo().type, shape, array.getByteBuffer());
        };
    }

    /**
     * Copies elements.
     * @param type what they are; not texts
     * @param memory the elements, in the byte order of the machine
     */
    static Tensor read(OnnxJavaType type, int[] shape, ByteBuffer memory) {
        return switch (type) {
            case FLOAT -> new Tensor(shape, floats(memory.asFloatBuffer()));
            case FLOAT16 -> Tensor.halves(shape, halves(memory.asShortBuffer()));
            case DOUBLE -> new Tensor(shape, doubles(memory.asDoubleBuffer()));
            case INT64 -> new Tensor(shape, longs(memory.asLongBuffer()));
            case INT32 -> new Tensor(shape, ints(memory.asIntBuffer()));
            case BOOL -> new Tensor(shape, booleans(memory));
            default -> throw new IllegalStateException("an output holds " + type);
        };
    }

    static int[] shape(long[] dimensions) {
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
