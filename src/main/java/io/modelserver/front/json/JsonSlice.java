package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import io.modelserver.model.Tensor;
import io.modelserver.registry.metadata.RegistryJson;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * A part of a request's body that holds one JSON value. It is read strictly: UTF-8 only,
 * no duplicate keys, nothing that is not JSON, no deeper than any request needs to be.
 */
public final class JsonSlice {

    private static final JsonFactory FACTORY = strict().build();

    private static final JsonFactory WITH_NAN = strict().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    /** What is left of a request without its numbers is short. */
    private static final int LONGEST_REST = 1 << 16;

    private final RequestBuffer buffer;

    private final byte[] body;

    private final int from;

    private final int length;

    /**
     * Takes bytes without copying them.
     * @param body the whole body
     */
    public JsonSlice(byte[] body) {
        this(new RequestBuffer(body), 0, body.length);
    }

    /**
     * Takes the first bytes of a buffer without copying them.
     * @param buffer the buffer, not to be used for another request while this slice is
     * @param length how many bytes the body has
     */
    public JsonSlice(RequestBuffer buffer, int length) {
        this(buffer, 0, length);
    }

    private static JsonFactoryBuilder strict() {
        return JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                .maxNestingDepth(RegistryJson.DEEPEST)
                .maxNumberLength(400)
                .maxStringLength(1 << 16)
                .maxNameLength(1024)
                .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .recyclerPool(JsonRecyclerPools.sharedBoundedPool());
    }

    private JsonSlice(RequestBuffer buffer, int from, int length) {
        this.buffer = buffer;
        this.body = buffer.bytes();
        this.from = from;
        this.length = length;
    }

    /**
     * Takes a field's numbers out of an object without reading the object, if they are
     * plainly a regular array of finite numbers and nulls.
     * @param field the name of the field
     * @return the numbers and what is left, empty if they have to be read the long way
     */
    public Optional<NumbersAndRest> takeNumbers(String field) {
        int end = from + length;
        int start = new FieldFinder(body, from, end).arrayOf(field);
        ScannedArray array = (start < 0) ? null : new NumberArrayScanner(buffer, end).scan(start);
        if (array == null || length - (array.end() - start) > LONGEST_REST) {
            return Optional.empty();
        }
        byte[] rest = new byte[length - (array.end() - start) + 2];
        System.arraycopy(body, from, rest, 0, start - from);
        rest[start - from] = '[';
        rest[start - from + 1] = ']';
        System.arraycopy(body, array.end(), rest, start - from + 2, end - array.end());
        return Optional.of(new NumbersAndRest(array.tensor(), array.firstNull(), new JsonSlice(rest)));
    }

    /**
     * Finds an array of an object that has been read before.
     * @param field the name of the field
     * @return the object from that array on, empty if there is none
     */
    Optional<JsonSlice> from(String field) {
        int end = from + length;
        int start = new FieldFinder(body, from, end).arrayOf(field);
        return (start < 0) ? Optional.empty() : Optional.of(new JsonSlice(buffer, start, end - start));
    }

    /**
     * Opens a parser before the first token.
     * @return a parser, to be closed
     */
    public JsonParser parser() {
        return FACTORY.createParser(ObjectReadContext.empty(), body, from, length);
    }

    /**
     * Opens a parser that takes {@code NaN}, {@code Infinity} and the like, which
     * Python's {@code json} writes, for numbers. It is for finding them: what it reads is
     * not JSON.
     * @return a parser, to be closed
     */
    public JsonParser parserWithNaN() {
        return WITH_NAN.createParser(ObjectReadContext.empty(), body, from, length);
    }

    /**
     * Cuts out the value that a parser of this slice stands on, and moves the parser to
     * its last token.
     * @param parser on the first token of an object, an array or a scalar
     * @return the value
     */
    public JsonSlice cut(JsonParser parser) {
        int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
        parser.skipChildren();
        parser.finishToken();
        int end = Math.toIntExact(parser.currentLocation().getByteOffset());
        return new JsonSlice(buffer, from + start, end - start);
    }

    /**
     * Looks ahead in an array.
     * @param parser of this slice, on the start of the array
     * @return whether its first item is an object
     */
    public boolean isArrayOfObjects(JsonParser parser) {
        int next = from + Math.toIntExact(parser.currentLocation().getByteOffset());
        while (next < from + length && Character.isWhitespace(body[next])) {
            next++;
        }
        return next < from + length && body[next] == '{';
    }

    /**
     * {@return the JSON text}
     */
    @Override
    public String toString() {
        return new String(body, from, length, StandardCharsets.UTF_8);
    }

    /**
     * An object whose numbers were taken out.
     *
     * @param numbers the numbers, NaN for null, and the shape in which they came
     * @param firstNull the position of the first null, -1 if there is none
     * @param rest the object, the field's array now empty
     */
    public record NumbersAndRest(Tensor numbers, int firstNull, JsonSlice rest) {
    }

}
