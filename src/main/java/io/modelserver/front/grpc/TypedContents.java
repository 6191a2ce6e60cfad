package io.modelserver.front.grpc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import inference.InferTensorContents;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireTensor.Elements;
import io.modelserver.oip.tensor.WireType;
import io.modelserver.trading.InvalidFeaturesException;

/**
 * Reads the elements of a tensor from the field that is meant for its datatype. Integers
 * of 8 and 16 bits come in fields of 32 bits, and must fit.
 */
final class TypedContents {

    private final String input;

    private final WireType type;

    private final InferTensorContents contents;

    private TypedContents(String input, WireType type, InferTensorContents contents) {
        this.input = input;
        this.type = type;
        this.contents = contents;
    }

    /**
     * Reads the elements.
     * @param input the name of the input, for problems
     * @param type its datatype
     * @param contents its elements
     * @return the elements
     * @throws InvalidFeaturesException if they are in another field, or do not fit
     */
    static Elements read(String input, WireType type, InferTensorContents contents) throws InvalidFeaturesException {
        return new TypedContents(input, type, contents).read();
    }

    private Elements read() throws InvalidFeaturesException {
        checkField();
        return switch (type) {
            case BOOL -> bools();
            case INT8 -> ints(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> ints(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32 -> ints(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT8 -> unsignedInts(0xFF);
            case UINT16 -> unsignedInts(0xFFFF);
            case UINT32 -> unsignedInts(0xFFFF_FFFFL);
            case INT64 -> longs(contents.getInt64ContentsList());
            case UINT64 -> longs(contents.getUint64ContentsList());
            case FP32 -> floats();
            case FP64 -> doubles();
            case BYTES -> new WireTensor.Texts(
                    contents.getBytesContentsList().stream().map(ByteString::asReadOnlyByteBuffer).toList());
            case FP16, BF16 -> throw new IllegalStateException();
        };
    }

    private void checkField() throws InvalidFeaturesException {
        List<String> used = new ArrayList<>();
        add(used, "bool_contents", contents.getBoolContentsCount());
        add(used, "int_contents", contents.getIntContentsCount());
        add(used, "int64_contents", contents.getInt64ContentsCount());
        add(used, "uint_contents", contents.getUintContentsCount());
        add(used, "uint64_contents", contents.getUint64ContentsCount());
        add(used, "fp32_contents", contents.getFp32ContentsCount());
        add(used, "fp64_contents", contents.getFp64ContentsCount());
        add(used, "bytes_contents", contents.getBytesContentsCount());
        String field = field();
        if (field.isEmpty()) {
            throw invalid(
                    "is %s, which has no typed contents: send its elements in raw_input_contents".formatted(type));
        }
        if (!used.isEmpty() && !used.equals(List.of(field))) {
            throw invalid(
                    "is %s, whose elements belong in %s, not in %s".formatted(type, field, String.join(" and ", used)));
        }
    }

    private static void add(List<String> used, String field, int count) {
        if (count > 0) {
            used.add(field);
        }
    }

    private String field() {
        return switch (type) {
            case BOOL -> "bool_contents";
            case INT8, INT16, INT32 -> "int_contents";
            case INT64 -> "int64_contents";
            case UINT8, UINT16, UINT32 -> "uint_contents";
            case UINT64 -> "uint64_contents";
            case FP32 -> "fp32_contents";
            case FP64 -> "fp64_contents";
            case BYTES -> "bytes_contents";
            case FP16, BF16 -> "";
        };
    }

    private ByteBuffer buffer(int count) {
        return ByteBuffer.allocate(count * type.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Elements bools() {
        ByteBuffer bytes = buffer(contents.getBoolContentsCount());
        for (int i = 0; i < contents.getBoolContentsCount(); i++) {
            bytes.put((byte) (contents.getBoolContents(i) ? 1 : 0));
        }
        return new WireTensor.Raw(bytes.flip());
    }

    private Elements ints(int least, int greatest) throws InvalidFeaturesException {
        ByteBuffer bytes = buffer(contents.getIntContentsCount());
        for (int i = 0; i < contents.getIntContentsCount(); i++) {
            int value = contents.getIntContents(i);
            if (value < least || value > greatest) {
                throw invalid("element %d is %d, which is not an %s".formatted(i, value, type));
            }
            put(bytes, value);
        }
        return new WireTensor.Raw(bytes.flip());
    }

    private Elements unsignedInts(long greatest) throws InvalidFeaturesException {
        ByteBuffer bytes = buffer(contents.getUintContentsCount());
        for (int i = 0; i < contents.getUintContentsCount(); i++) {
            long value = Integer.toUnsignedLong(contents.getUintContents(i));
            if (value > greatest) {
                throw invalid("element %d is %d, which is not a %s".formatted(i, value, type));
            }
            put(bytes, (int) value);
        }
        return new WireTensor.Raw(bytes.flip());
    }

    private void put(ByteBuffer bytes, int value) {
        switch (type.elementBytes()) {
            case Byte.BYTES -> bytes.put((byte) value);
            case Short.BYTES -> bytes.putShort((short) value);
            default -> bytes.putInt(value);
        }
    }

    private Elements longs(List<Long> values) {
        ByteBuffer bytes = buffer(values.size());
        values.forEach(bytes::putLong);
        return new WireTensor.Raw(bytes.flip());
    }

    private Elements floats() {
        ByteBuffer bytes = buffer(contents.getFp32ContentsCount());
        for (int i = 0; i < contents.getFp32ContentsCount(); i++) {
            bytes.putFloat(contents.getFp32Contents(i));
        }
        return new WireTensor.Raw(bytes.flip());
    }

    private Elements doubles() {
        ByteBuffer bytes = buffer(contents.getFp64ContentsCount());
        for (int i = 0; i < contents.getFp64ContentsCount(); i++) {
            bytes.putDouble(contents.getFp64Contents(i));
        }
        return new WireTensor.Raw(bytes.flip());
    }

    private InvalidFeaturesException invalid(String problem) {
        return new InvalidFeaturesException("input '%s' %s".formatted(input, problem));
    }

}
