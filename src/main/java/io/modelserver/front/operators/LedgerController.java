package io.modelserver.front.operators;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

import io.modelserver.front.problem.ProblemException;
import io.modelserver.ledger.LedgerRow;
import io.modelserver.ledger.PredictionArchive;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Exports the contents of the ledger. */
@RestController
@Tag(name = "experiments")
final class LedgerController {

    private final PredictionArchive archive;

    private final JsonMapper mapper;

    LedgerController(PredictionArchive archive, JsonMapper mapper) {
        this.archive = archive;
        this.mapper = mapper;
    }

    @GetMapping("/api/ml/ledger/predictions")
    @Operation(operationId = "exportPredictions", summary = "Predictions and their outcomes, as CSV or JSON lines",
            responses = @ApiResponse(responseCode = "200",
                    description = "one row per prediction, the oldest first, each followed by what shadows said "
                            + "(`shadow` is true)",
                    content = { @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                            @Content(mediaType = "application/jsonl", schema = @Schema(type = "string")) }))
    void export(@RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String from, @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "csv") String format, HttpServletResponse response) throws IOException {
        if (model != null && model.indexOf('\0') >= 0) {
            throw ProblemException.invalid("model", "expected the name of a model");
        }
        Instant start = time("from", from);
        Instant end = time("to", to);
        if (start != null && end != null && !start.isBefore(end)) {
            throw ProblemException.invalid("to", "expected a time after from");
        }
        LedgerFormat rows = switch (format) {
            case "csv" -> LedgerFormat.csv();
            case "jsonl" -> LedgerFormat.jsonLines(mapper);
            default -> throw ProblemException.invalid("format", "expected csv or jsonl");
        };
        response.setContentType(rows.contentType() + ";charset=UTF-8");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
                "attachment; filename=\"predictions.%s\"".formatted(format));
        try {
            rows.begin(new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8)));
            archive.read(model, start, end, (row) -> write(rows, row));
            rows.end();
        }
        catch (UncheckedIOException ex) {
            throw ex.getCause();
        }
        catch (LedgerUnavailableException ex) {
            if (!response.isCommitted()) {
                // Not reset(), which would remove the request's id and the headers of
                // security.
                response.resetBuffer();
                response.setContentType(null);
                response.setHeader(HttpHeaders.CONTENT_DISPOSITION, null);
            }
            throw ex;
        }
    }

    private static void write(LedgerFormat rows, LedgerRow row) {
        try {
            rows.write(row);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static @Nullable Instant time(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return (text.length() == "2026-01-02".length())
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        }
        catch (DateTimeException ex) {
            throw ProblemException.invalid(parameter, "expected 2026-01-02 or 2026-01-02T03:04:05Z");
        }
    }

}
