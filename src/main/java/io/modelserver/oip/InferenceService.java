package io.modelserver.oip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import io.modelserver.model.ModelId;
import io.modelserver.oip.tensor.AnswerTensor;
import io.modelserver.serving.Addressee;
import io.modelserver.serving.Attempt;
import io.modelserver.serving.Destination;
import io.modelserver.serving.InputSource;
import io.modelserver.serving.Query;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Reply;
import io.modelserver.serving.Serving;
import io.modelserver.signal.Signal;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;
import io.modelserver.trading.SeriesName;
import io.modelserver.trading.SignalReader;
import io.modelserver.trading.WindowService;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for inference. Each row of their tensors is a query of its own, which
 * shares forward passes with those of others, and is told to the same listeners as the
 * requests of bots; one version answers all of them.
 */
public final class InferenceService {

    /** What is told of those that belong to no sequence. */
    private static final String NO_SYMBOL = "";

    private static final Signal NOTHING = new Signal(null, null, null, null, Map.of());

    private final Serving serving;

    private final WindowService windows;

    private final SignalReader signals;

    private final Statistics statistics;

    private final RowLimits limits;

    private final PredictionListener listener;

    /**
     * Creates the use case.
     * @param serving answers queries
     * @param windows where steps of sequences are kept
     * @param signals tells what outputs mean
     * @param statistics told of failures
     * @param limits how many rows a request may have
     * @param listener notified how each row ended
     */
    public InferenceService(Serving serving, WindowService windows, SignalReader signals, Statistics statistics,
            RowLimits limits, PredictionListener listener) {
        this.serving = serving;
        this.windows = windows;
        this.signals = signals;
        this.statistics = statistics;
        this.limits = limits;
        this.listener = listener;
    }

    /**
     * Answers one request: all of its rows, or none.
     * @param request what is asked
     * @param times when it came, and until when its caller waits
     * @return the answer or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted; what has not
     * been computed by then never is
     */
    public OipResult<InferAnswer> infer(InferRequest request, CallTimes times) throws InterruptedException {
        Call call;
        try {
            call = call(request, times);
        }
        catch (InvalidFeaturesException ex) {
            return refused(OipStatus.INVALID_ARGUMENT, String.valueOf(ex.getMessage()));
        }
        try (Destination destination = serving.destination(call.addressee(), times.arrivalNanos(),
                call.patienceNanos())) {
            return switch (destination) {
                case Destination.None(Refusal reason, String detail) -> {
                    listener.ended(new PredictionResult.Refused(call.symbol(), reason, detail, List.of()));
                    yield refused(OipStatus.of(reason), detail);
                }
                case Destination.Version version -> answer(call, version);
            };
        }
    }

    private Call call(InferRequest request, CallTimes times) throws InvalidFeaturesException {
        InferParameters parameters = InferParameters.of(request.parameters());
        Rows rows = Rows.of(request.inputs(), limits.most());
        if (parameters.sequence() != null && rows.count() > 1) {
            throw new InvalidFeaturesException(
                    "the inputs have %d rows, but a request of a sequence brings one step".formatted(rows.count()));
        }
        String problem = AnswerTensors.problem(request.outputs());
        if (problem != null) {
            throw new InvalidFeaturesException(problem);
        }
        return new Call(request, parameters, rows, times);
    }

    private OipResult<InferAnswer> answer(Call call, Destination.Version version) throws InterruptedException {
        RowReader reader = new RowReader(signals,
                call.parameters.signal() || AnswerTensors.askForSignal(call.request.outputs()));
        List<Reply<RowAnswer>> replies = new ArrayList<>(call.rows.count());
        SequenceInput sequence = sequence(call);
        for (int from = 0; from < call.rows.count() && areAnswers(replies); from += limits.atOnce()) {
            List<Attempt<RowAnswer>> chunk = new ArrayList<>();
            try {
                int to = Math.min(call.rows.count(), from + limits.atOnce());
                for (int row = from; row < to && chunk.stream().noneMatch(Attempt.Ended.class::isInstance); row++) {
                    InputSource source = (sequence != null) ? sequence : new RowInput(call.rows, row);
                    chunk.add(serving.start(new Query<>(call.addressee(), source, reader), version,
                            call.times.arrivalNanos(), call.patienceNanos()));
                }
                for (Attempt<RowAnswer> attempt : chunk) {
                    Reply<RowAnswer> reply = serving.finish(attempt);
                    listener.ended(told(call, reply, sequence));
                    replies.add(reply);
                }
            }
            finally {
                chunk.forEach(Attempt::release);
            }
        }
        if (sequence != null && call.endsSequence()) {
            sequence.end();
        }
        OipResult<InferAnswer> result = isAnsweredByTwo(replies) ? answerByControl(call, replies)
                : answer(call, replies);
        if (result instanceof OipResult.Refused) {
            statistics.failed(version.lease().metadata().id(), serving.nanosSince(call.times.arrivalNanos()));
        }
        return result;
    }

    private static boolean isAnsweredByTwo(List<Reply<RowAnswer>> replies) {
        return areAnswers(replies) && replies.stream().map(InferenceService::version).distinct().count() > 1;
    }

    private static ModelId version(Reply<RowAnswer> reply) {
        return ((Reply.Answered<RowAnswer>) reply).version();
    }

    /**
     * A variant failed on some of the rows: control, which answered those, answers all.
     */
    private OipResult<InferAnswer> answerByControl(Call call, List<Reply<RowAnswer>> replies)
            throws InterruptedException {
        ModelId control = replies.stream()
            .filter((reply) -> reply instanceof Reply.Answered<RowAnswer> answer && answer.failedOver())
            .map(InferenceService::version)
            .findFirst()
            .orElseThrow();
        Addressee addressee = new Addressee(control.name(), control.version(), null, null, null);
        try (Destination destination = serving.destination(addressee, call.times.arrivalNanos(),
                call.patienceNanos())) {
            return switch (destination) {
                case Destination.None(Refusal reason, String detail) -> refused(OipStatus.of(reason), detail);
                case Destination.Version version -> answer(call, version);
            };
        }
    }

    private static boolean areAnswers(List<Reply<RowAnswer>> replies) {
        return replies.stream().allMatch(Reply.Answered.class::isInstance);
    }

    private @Nullable SequenceInput sequence(Call call) {
        InferParameters.Sequence sequence = call.parameters.sequence();
        return (sequence == null) ? null
                : new SequenceInput(call.request, call.parameters, sequence, call.rows, windows);
    }

    /** As a bot's request ends; how long it took to read the rows is shared by them. */
    private static PredictionResult told(Call call, Reply<RowAnswer> reply, @Nullable SequenceInput sequence) {
        OptionalLong eventMillis = (sequence != null) ? sequence.eventMillis() : OptionalLong.empty();
        return switch (reply) {
            case Reply.Answered<RowAnswer> answer -> new PredictionResult.Predicted(answer.id(), call.symbol(),
                    Objects.requireNonNullElse(answer.answer().signal(), NOTHING), answer.version(),
                    (sequence != null) ? sequence.coverage() : null, answer.latencyNanos(),
                    call.times.readNanos() / call.rows.count() + answer.inputNanos(), answer.queueNanos(),
                    answer.computeNanos(), answer.assignment(), answer.failedOver(), eventMillis);
            case Reply.NotYet<RowAnswer> notYet -> new PredictionResult.WindowFilling(call.symbol(), call.series(),
                    notYet.have(), notYet.need(), notYet.restart());
            case Reply.Refused<RowAnswer> refused ->
                new PredictionResult.Refused(call.symbol(), refused.reason(), refused.detail(), refused.problems(),
                        (refused.failure() == null) ? null : new PredictionResult.VariantFailure(refused.failure().id(),
                                refused.failure().assignment(), refused.failure().latencyNanos(), eventMillis));
        };
    }

    private static OipResult<InferAnswer> answer(Call call, List<Reply<RowAnswer>> replies) {
        List<Reply.Answered<RowAnswer>> answers = new ArrayList<>(replies.size());
        for (Reply<RowAnswer> reply : replies) {
            switch (reply) {
                case Reply.Answered<RowAnswer> answer -> answers.add(answer);
                case Reply.NotYet<RowAnswer> notYet -> {
                    return refused(OipStatus.FAILED_PRECONDITION,
                            "the step was kept, but the window of %s has %d of the %d steps that the model looks at%s"
                                .formatted(call.series().describe(call.symbol()), notYet.have(), notYet.need(),
                                        (notYet.restart() != null) ? "; it restarted after " + notYet.restart() : ""));
                }
                case Reply.Refused<RowAnswer> refused -> {
                    return refused(OipStatus.of(refused.reason()),
                            ((call.rows.count() > 1) ? "row %d: ".formatted(answers.size()) : "") + refused.detail());
                }
            }
        }
        OipResult<List<AnswerTensor>> tensors = new AnswerTensors(answers.stream().map(Reply.Answered::answer).toList(),
                call.request.outputs(), call.parameters.signal())
            .tensors();
        return switch (tensors) {
            case OipResult.Done<List<AnswerTensor>>(List<AnswerTensor> outputs) ->
                new OipResult.Done<>(new InferAnswer(answers.getFirst().version(), call.request.id(),
                        call.parameters(answers), outputs));
            case OipResult.Refused<List<AnswerTensor>> refused -> refused.as();
        };
    }

    private static <T> OipResult<T> refused(OipStatus status, String message) {
        return new OipResult.Refused<>(status, message);
    }

    /**
     * A request that can be understood.
     *
     * @param request as it came
     * @param parameters what its parameters mean
     * @param rows its tensors
     * @param times when it came
     */
    private record Call(InferRequest request, InferParameters parameters, Rows rows, CallTimes times) {

        long patienceNanos() {
            return Math.min(times.patienceNanos(), parameters.timeoutNanos());
        }

        Addressee addressee() {
            return new Addressee(request.model(), request.version(), parameters.experimentId(),
                    (parameters.sequence() != null) ? parameters.sequence().id() : null, parameters.routingKey());
        }

        String symbol() {
            return (parameters.sequence() != null) ? parameters.sequence().id() : NO_SYMBOL;
        }

        SeriesName series() {
            return (parameters.sequence() != null) ? parameters.sequence().series() : SeriesName.NONE;
        }

        boolean endsSequence() {
            return parameters.sequence() != null && parameters.sequence().ends();
        }

        /** What outcomes are reported against, where somebody may want to. */
        Map<String, Object> parameters(List<Reply.Answered<RowAnswer>> answers) {
            Map<String, Object> told = new LinkedHashMap<>();
            if (parameters.sequence() != null) {
                told.put("sequence_id", parameters.sequence().id());
            }
            boolean assigned = answers.getFirst().assignment() != null;
            if (parameters.signal() || assigned) {
                told.put("prediction_id", answers.stream().map(Reply.Answered::id).collect(Collectors.joining(",")));
            }
            return told;
        }

    }

}
