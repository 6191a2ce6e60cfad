package io.modelserver.front.json;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.trading.PredictionRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads a batch of prediction requests; one that can't be read fails alone. Used once.
 */
public final class BatchRequestReader {

    private static final String REQUESTS = "requests";

    private static final String MAX_BATCH_SIZE = "max_batch_size";

    private final JsonSlice json;

    private final int maxRequests;

    private final LongSupplier nanoTime;

    private @Nullable List<JsonSlice> requests;

    private int maxBatchSize = Integer.MAX_VALUE;

    /**
     * Creates a reader.
     * @param json the body
     * @param maxRequests the most requests that it may hold
     * @param nanoTime times the reading of each request
     */
    public BatchRequestReader(JsonSlice json, int maxRequests, LongSupplier nanoTime) {
        this.json = json;
        this.maxRequests = maxRequests;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the batch.
     * @return its requests
     * @throws ProblemException if it is not JSON of the right types, or holds too many
     * requests
     */
    public Batch read() {
        return new Batch(cut().stream().map(this::readRequest).toList(), maxBatchSize);
    }

    private Entry readRequest(JsonSlice request) {
        PredictionRequestReader reader = new PredictionRequestReader(request, nanoTime);
        try {
            return new Entry.Usable(reader.read());
        }
        catch (ProblemException ex) {
            return new Entry.Unusable(reader.symbol(), ex);
        }
    }

    /** Cuts the batch into its requests without reading them. */
    private List<JsonSlice> cut() {
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
        return requests;
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
     * @param entries one for each request, in their order
     * @param maxBatchSize the most that the caller wants to go through the model at once
     */
    public record Batch(List<Entry> entries, int maxBatchSize) {

        /**
         * {@return the requests that could be read, in their order}
         */
        public List<PredictionRequest> requests() {
            return entries.stream()
                .filter(Entry.Usable.class::isInstance)
                .map((entry) -> ((Entry.Usable) entry).request())
                .toList();
        }

    }

    /** A request of a batch. */
    public sealed interface Entry {

        /**
         * One that can be answered.
         *
         * @param request what is asked
         */
        record Usable(PredictionRequest request) implements Entry {
        }

        /**
         * One that can't be read.
         *
         * @param symbol its symbol, null if it was not found
         * @param problem what is wrong with it
         */
        record Unusable(@Nullable String symbol, ProblemException problem) implements Entry {
        }

    }

}
