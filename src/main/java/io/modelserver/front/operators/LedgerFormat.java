package io.modelserver.front.operators;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.modelserver.front.json.Millis;
import io.modelserver.front.json.Timestamps;
import io.modelserver.ledger.LedgerRow;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes rows of the ledger; used once. */
sealed interface LedgerFormat {

    static LedgerFormat csv() {
        return new Csv();
    }

    static LedgerFormat jsonLines(JsonMapper mapper) {
        return new JsonLines(mapper);
    }

    String contentType();

    void begin(Writer writer) throws IOException;

    void write(LedgerRow row) throws IOException;

    void end() throws IOException;

    /** Comma-separated values with a head; what is not known is empty. */
    final class Csv implements LedgerFormat {

        private static final String[] HEAD = { "prediction_id", "made_at", "symbol", "model_name", "model_version",
                "experiment_id", "variant", "unit", "failed", "direction", "confidence", "expected_return",
                "latency_ms", "actual_return", "closed_at", "event_time", "fee", "shadow" };

        private @Nullable CSVPrinter printer;

        @Override
        public String contentType() {
            return "text/csv";
        }

        @Override
        public void begin(Writer writer) throws IOException {
            printer = new CSVPrinter(writer, CSVFormat.RFC4180);
            printer.printRecord((Object[]) HEAD);
        }

        @Override
        public void write(LedgerRow row) throws IOException {
            open().printRecord(row.predictionId(), Timestamps.text(row.madeAt()), row.symbol(), row.modelName(),
                    row.modelVersion(), row.experimentId(), row.variant(), row.unit(), row.failed(), row.direction(),
                    row.confidence(), row.expectedReturn(), Millis.of(row.latencyNanos()), row.actualReturn(),
                    text(row.closedAt()), Timestamps.text(row.eventTime()), row.fee(), row.shadow());
        }

        @Override
        public void end() throws IOException {
            open().flush();
        }

        private CSVPrinter open() {
            if (printer == null) {
                throw new IllegalStateException("not begun");
            }
            return printer;
        }

    }

    /** One JSON object a line. */
    final class JsonLines implements LedgerFormat {

        private final JsonMapper mapper;

        private @Nullable Writer writer;

        JsonLines(JsonMapper mapper) {
            this.mapper = mapper;
        }

        @Override
        public String contentType() {
            return "application/jsonl";
        }

        @Override
        public void begin(Writer open) {
            writer = open;
        }

        @Override
        public void write(LedgerRow row) throws IOException {
            open().write(mapper.writeValueAsString(new RowJson(row.predictionId().toString(),
                    Timestamps.text(row.madeAt()), row.symbol(), row.modelName(), row.modelVersion(),
                    row.experimentId(), row.variant(), row.unit(), row.failed(), row.direction(), row.confidence(),
                    row.expectedReturn(), Millis.of(row.latencyNanos()), row.actualReturn(), text(row.closedAt()),
                    Timestamps.text(row.eventTime()), row.fee(), row.shadow(), row.outputs())));
            open().write('\n');
        }

        @Override
        public void end() throws IOException {
            open().flush();
        }

        private Writer open() {
            if (writer == null) {
                throw new IllegalStateException("not begun");
            }
            return writer;
        }

    }

    private static @Nullable String text(@Nullable Instant time) {
        return (time != null) ? Timestamps.text(time) : null;
    }

    /** One line. */
    record RowJson(String predictionId, String madeAt, String symbol, String modelName, String modelVersion,
            @Nullable String experimentId, @Nullable String variant, @Nullable String unit, boolean failed,
            @Nullable String direction, @Nullable Float confidence, @Nullable Float expectedReturn, double latencyMs,
            @Nullable Double actualReturn, @Nullable String closedAt, String eventTime, @Nullable Double fee,
            boolean shadow, @JsonInclude(JsonInclude.Include.NON_NULL) @JsonRawValue @Nullable String outputs) {
    }

}
