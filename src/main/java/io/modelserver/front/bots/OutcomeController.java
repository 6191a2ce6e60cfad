package io.modelserver.front.bots;

import java.time.Clock;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.front.openapi.ApiDocumentation;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.ledger.Outcome;
import io.modelserver.ledger.OutcomeReceipt;
import io.modelserver.ledger.Outcomes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Accepts reports of what really happened. */
@RestController
@Tag(name = "experiments")
final class OutcomeController {

    private static final String RECORDED = "Predictions made outside experiments are recorded only with "
            + "modelserver.ledger.predictions: all";

    private static final String PENDING = "pending: on disk, but the prediction is not. " + RECORDED
            + "; an outcome of one that is not recorded is lost";

    private final Outcomes outcomes;

    private final Clock clock;

    OutcomeController(Outcomes outcomes, Clock clock) {
        this.outcomes = outcomes;
        this.clock = clock;
    }

    @PostMapping(path = "/api/ml/outcomes", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "reportOutcomes",
            summary = "What happened after predictions: one outcome or a list; "
                    + "`prediction_id` is that of an answer, the one of the example is made up")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(oneOf = { OutcomeJson.class, OutcomeJson[].class }),
                    examples = @ExampleObject(name = "one", ref = ApiDocumentation.EXAMPLES + "outcome")))
    ReceiptJson report(@Parameter(hidden = true) @RequestBody JsonNode body) {
        OutcomeReader reader = new OutcomeReader(body, outcomes.limits(), clock.instant());
        List<Outcome> reported = reader.read();
        reader.refuse(reported, outcomes.closedTooEarly(reported));
        OutcomeReceipt receipt = outcomes.store(reported);
        if (!reported.isEmpty() && receipt.unknown().size() == reported.size()) {
            throw new ProblemException(ProblemCode.PREDICTION_NOT_FOUND,
                    "the ledger has no prediction %s; nothing was stored. %s".formatted(receipt.unknown().getFirst(),
                            RECORDED));
        }
        return new ReceiptJson("success", reported.size(), receipt.stored(), receipt.pending(), receipt.repeated(),
                receipt.unknown(), receipt.differing(), (receipt.pending() > 0) ? PENDING : null);
    }

    /**
     * The result of storing outcomes: every one is stored, pending until its prediction
     * is written, repeated or unknown. {@code differing} are repeated ones that differ
     * from the one that stays. {@code note} says what may become of pending ones.
     */
    record ReceiptJson(String status, int received, int stored, int pending, int repeated, List<UUID> unknown,
            List<UUID> differing, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String note) {
    }

}
