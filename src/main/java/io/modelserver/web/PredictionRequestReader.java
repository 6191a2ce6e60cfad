package io.modelserver.web;

import java.util.Optional;

import io.modelserver.prediction.JsonSlice;
import io.modelserver.prediction.PredictionRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads a prediction request: the numbers first, straight into their array, then the
 * little that is left. If either is not plainly right, the whole is read again the long
 * way, which knows what to say about it. Used once.
 */
final class PredictionRequestReader {

    private final JsonSlice json;

    private final RequestAddress address;

    private @Nullable RequestFields fields;

    private @Nullable NonFiniteNumbers nonFinite;

    PredictionRequestReader(JsonSlice json) {
        this(json, RequestAddress.NONE);
    }

    /**
     * Reads a request whose address names the series; where the body does so too, it must
     * be the same.
     */
    PredictionRequestReader(JsonSlice json, RequestAddress address) {
        this.json = json;
        this.address = address;
    }

    /**
     * Reads the request.
     * @return the request
     * @throws ProblemException if it is no JSON of the right types, or a field is missing
     * or invalid
     */
    PredictionRequest read() {
        Optional<JsonSlice.NumbersAndRest> taken = json.takeNumbers("features");
        if (taken.isPresent()) {
            try {
                return new RequestFields(taken.get().rest(), taken.get().numbers(), address).read();
            }
            catch (ProblemException ex) {
                // Said again below, with the place in the body as it was sent.
            }
        }
        fields = new RequestFields(json, null, address);
        try {
            return fields.read();
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
    @Nullable String symbol() {
        String symbol = (fields != null) ? fields.symbol() : null;
        return (symbol == null && nonFinite != null) ? nonFinite.symbol() : symbol;
    }

}
