package io.modelserver.prediction;

import java.nio.charset.StandardCharsets;

import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * A part of a request's body that holds one JSON value. It is read strictly: UTF-8 only,
 * no duplicate keys, nothing that is not JSON, no deeper than any request needs to be.
 */
public final class JsonSlice {

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(32)
            .maxNumberLength(400)
            .maxStringLength(1 << 16)
            .maxNameLength(1024)
            .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
        .build();

    private final byte[] body;

    private final int from;

    private final int length;

    /**
     * Takes the bytes without copying them.
     * @param body the whole body
     * @param from index of the first byte of the value
     * @param length how many bytes it has
     */
    public JsonSlice(byte[] body, int from, int length) {
        this.body = body;
        this.from = from;
        this.length = length;
    }

    /**
     * Opens a parser before the first token.
     * @return a parser, to be closed
     */
    public JsonParser parser() {
        return FACTORY.createParser(ObjectReadContext.empty(), body, from, length);
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
        return new JsonSlice(body, from + start, end - start);
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

}
