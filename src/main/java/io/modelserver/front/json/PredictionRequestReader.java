package io.modelserver.front.json;

import java.util.Optional;
import java.util.function.LongSupplier;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.trading.PredictionRequest;
import io.modelserver.trading.RequestFeatures;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prediction request: the numbers first, straight into their array, then the
 * little that is left. If either is not plainly right, the whole is read again the long
 * way, which knows what to say about it. Used once.
 */
public final class PredictionRequestReader {

    private final JsonSlice json;

    private final RequestAddress address;

    private final LongSupplier nanoTime;

    private @Nullable RequestFields fields;

    private @Nullable NonFiniteNumbers nonFinite;

    /**
     * Creates a reader of a request that is all in its body.
     * @param json the body
     * @param nanoTime times the reading
     */
    public PredictionRequestReader(JsonSlice json, LongSupplier nanoTime) {
        this(json, RequestAddress.NONE, nanoTime);
    }

    /**
     * Creates a reader of a request whose address names the series; where the body does
     * so too, it must be the same.
     * @param json the body
     * @param address the address
     * @param nanoTime times the reading
     */
    public PredictionRequestReader(JsonSlice json, RequestAddress address, LongSupplier nanoTime) {
        this.json = json;
        this.address = address;
        this.nanoTime = nanoTime;
    }

    /**
     * Reads the request.
     * @return the request
     * @throws ProblemException if it is not JSON of the right types, or a field is
     * missing or invalid
     */
    public PredictionRequest read() {
        long start = nanoTime.getAsLong();
        LongSupplier elapsedNanos = () -> nanoTime.getAsLong() - start;
        Optional<JsonSlice.NumbersAndRest> taken = json.takeNumbers("features");
        if (taken.isPresent()) {
            try {
                RequestFeatures numbers = new RequestFeatures.Numbers(taken.get().numbers(), taken.get().firstNull());
                return new RequestFields(taken.get().rest(), numbers, address, json).read(elapsedNanos);
            }
            catch (ProblemException ex) {
                // Said again below, with the place in the body as it was sent.
            }
        }
        fields = new RequestFields(json, null, address, json);
        try {
            return fields.read(elapsedNanos);
        }
        catch (ProblemException ex) {
            if (ex.code() != ProblemCode.MALFORMED_REQUEST) {
                throw ex;
            }
            nonFinite = new NonFiniteNumbers(json);
            throw nonFinite.problem().orElse(ex);
        }
    }

    /**
     * {@return the symbol of a request that could not be read; null if it was not found}
     */
    public @Nullable String symbol() {
        String symbol = (fields != null) ? fields.symbol() : null;
        return (symbol == null && nonFinite != null) ? nonFinite.symbol() : symbol;
    }

}
