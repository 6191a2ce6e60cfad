package io.modelserver.front.grpc;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

import inference.InferParameter;
import inference.ModelRepositoryParameter;

/** Parameters as messages carry them, and as the use cases know them. */
final class Parameters {

    private Parameters() {
    }

    /** A parameter without a value is none. */
    static Map<String, Object> read(Map<String, InferParameter> parameters) {
        if (parameters.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> read = new HashMap<>();
        parameters.forEach((name, value) -> {
            switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> read.put(name, value.getBoolParam());
                case INT64_PARAM -> read.put(name, value.getInt64Param());
                case STRING_PARAM -> read.put(name, value.getStringParam());
                case DOUBLE_PARAM -> read.put(name, value.getDoubleParam());
                case UINT64_PARAM -> read.put(name, unsigned(value.getUint64Param()));
                case PARAMETERCHOICE_NOT_SET -> {
                }
            }
        });
        return read;
    }

    private static Number unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return new BigInteger(Long.toUnsignedString(bits));
    }

    static Map<String, Object> readOfRepository(Map<String, ModelRepositoryParameter> parameters) {
        Map<String, Object> read = new HashMap<>();
        parameters.forEach((name, value) -> {
            switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> read.put(name, value.getBoolParam());
                case INT64_PARAM -> read.put(name, value.getInt64Param());
                case STRING_PARAM -> read.put(name, value.getStringParam());
                case BYTES_PARAM -> read.put(name, value.getBytesParam());
                case PARAMETERCHOICE_NOT_SET -> {
                }
            }
        });
        return read;
    }

    static InferParameter write(Object value) {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        return switch (value) {
            case Boolean truth -> parameter.setBoolParam(truth).build();
            case Double number -> parameter.setDoubleParam(number).build();
            case Float number -> parameter.setDoubleParam(number).build();
            case BigInteger number -> parameter.setUint64Param(number.longValue()).build();
            case Number number -> parameter.setInt64Param(number.longValue()).build();
            case Object text -> parameter.setStringParam(text.toString()).build();
        };
    }

}
