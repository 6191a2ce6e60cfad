package io.modelserver.web;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.prediction.JsonSlice;
import io.modelserver.prediction.JsonTokens;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Cuts a batch into its requests without reading them; used once. */
final class BatchRequestReader {

    private static final String REQUESTS = "requests";

    private static final String MAX_BATCH_SIZE = "max_batch_size";

    private final JsonSlice json;

    private final int maxRequests;

    private @Nullable List<JsonSlice> requests;

    private int maxBatchSize = Integer.MAX_VALUE;

    BatchRequestReader(JsonSlice json, int maxRequests) {
        this.json = json;
        this.maxRequests = maxRequests;
    }

    /**
     * Reads the batch.
     * @return its requests
     * @throws ProblemException if it is no JSON of the right types, or holds too many
     * requests
     */
    Batch read() {
        try {
            JsonBodies.readObject(json, this::readField);
        }
        catch (ProblemException ex) {
            if (ex.code() != ProblemCode.MALFORMED_REQUEST) {
                throw ex;
            }
            // A NaN in one request is that request's fault, which its reader reports.
            JsonBodies.readObject(json.parserWithNaN(), this::readField);
        }
        if (requests == null) {
            throw ProblemException.invalid(REQUESTS, "required: an array of prediction requests");
        }
        return new Batch(requests, maxBatchSize);
    }

    private void readField(JsonParser parser, String name, JsonToken token) {
        switch (name) {
            case REQUESTS -> requests = readRequests(parser, token);
            case MAX_BATCH_SIZE -> readMaxBatchSize(parser, token);
            default -> NonFiniteNumbers.expectNone(parser, name);
        }
    }

    private List<JsonSlice> readRequests(JsonParser parser, JsonToken first) {
        if (first != JsonToken.START_ARRAY) {
            throw JsonBodies.malformed("requests is %s, expected an array".formatted(JsonTokens.name(first)));
        }
        List<JsonSlice> slices = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (slices.size() == maxRequests) {
                throw new ProblemException(ProblemCode.PAYLOAD_TOO_LARGE,
                        "the batch holds more than %d requests".formatted(maxRequests));
            }
            slices.add(json.cut(parser));
        }
        return slices;
    }

    private void readMaxBatchSize(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (token != JsonToken.VALUE_NUMBER_INT) {
            throw JsonBodies.malformed("max_batch_size is %s, expected an integer".formatted(JsonTokens.name(token)));
        }
        maxBatchSize = (int) Math.min(Integer.MAX_VALUE, parser.getBigIntegerValue().doubleValue());
        if (maxBatchSize < 1) {
            throw ProblemException.invalid(MAX_BATCH_SIZE, "expected at least 1");
        }
    }

    /**
     * A batch.
     *
     * @param requests one JSON value per request
     * @param maxBatchSize the most that the caller wants to go through the model at once
     */
    record Batch(List<JsonSlice> requests, int maxBatchSize) {
    }

}
