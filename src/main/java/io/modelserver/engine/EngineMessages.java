package io.modelserver.engine;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Engines' error messages as a sentence for people: the known cause of a message, else
 * the message without its surroundings. The whole message belongs in the log.
 */
public final class EngineMessages {

    private static final List<Known> KNOWN = List.of(new Known(
            "Unsupported model IR version: (\\d+), max supported IR version: (\\d+)",
            (found) -> "the file has ONNX IR version %s, this ONNX Runtime reads up to %s: export it again with "
                .formatted(found.group(1), found.group(2)) + "an IR version of at most " + found.group(2)),
            new Known("Opset (\\d+) is under development.*?domain (\\S+) is till opset (\\d+)", (
                    found) -> "the file uses opset %s of %s, this ONNX Runtime knows opsets up to %s: export it again with "
                        .formatted(found.group(1), found.group(2), found.group(3))
                            + lower(found.group(2), found.group(3))),
            new Known("(ai\\.onnx\\.contrib:\\S+?)(\\(-?\\d+\\))? is not a registered function/op", (
                    found) -> "it uses the operator %s, which is part of onnxruntime-extensions, and this server loads no "
                        .formatted(found.group(1))
                            + "library of operators: leave the step out of the model, or export it "
                            + "with the operators of ai.onnx and ai.onnx.ml only"),
            new Known("Could not find an implementation for (\\w+)\\((\\d+)\\)", (
                    found) -> "ONNX Runtime has no operator %s of opset %s for the CPU and these datatypes: export it with "
                        .formatted(found.group(1), found.group(2)) + "float32 weights, or another opset_version"),
            new Known("(\\S+?)(\\(-?\\d+\\))? is not a registered function/op", (
                    found) -> "it uses the operator %s, which this ONNX Runtime does not have: export it with the operators "
                        .formatted(found.group(1)) + "of ai.onnx and ai.onnx.ml only"),
            new Known("Invalid rank for input: (\\S+)\\s+Got: (\\d+) Expected: (\\d+)",
                    (found) -> "input '%s' has %s dimensions with the batch axis, the model takes %s"
                        .formatted(found.group(1), found.group(2), found.group(3))),
            new Known("Got invalid dimensions for input: (\\S+) for the following indices\\s+(.*?)\\s*Please fix",
                    (found) -> "input '%s' has other dimensions than the model takes (%s)".formatted(found.group(1),
                            found.group(2).replaceAll("\\s+", " "))),
            new Known("Input shape:(\\{[\\d,]*}), requested shape:(\\{[-\\d,]*})",
                    (found) -> "a Reshape inside the model can't make %s of %s".formatted(found.group(2),
                            found.group(1))),
            new Known("must have the same dtype, but got \\w+ and (\\w+)", EngineMessages::otherType),
            new Known("the same dtype, but got: [Ff]loat != (?:c10::)?(\\w+)", EngineMessages::otherType),
            new Known("expected scalar type (\\w+) but found Float", EngineMessages::otherType),
            new Known("Input type \\([\\w.]*[Ff]loat\\w*\\) and (?:weight|bias) type \\((?:c10::)?([\\w.]+)\\)",
                    EngineMessages::otherType),
            new Known("'?CUDA'? (?:backend|device)|cuda:\\d|torch\\.cuda|Cannot initialize CUDA", (
                    found) -> "it was saved on a CUDA device, and this server computes on the CPU: save it again after "
                            + "model.cpu(), with torch.device('cpu') wherever the code names a device"),
            new Known("Unsupported IValue type",
                    (found) -> "it returns None or something else that is not a tensor, or a tuple, list or dictionary "
                            + "of tensors"));

    private static final Pattern ORT = Pattern.compile("^Error code - ORT_\\w+ - message: ");

    private static final Pattern SOURCE = Pattern.compile("/\\S+\\.(?:h|cc|cpp):\\d+ [^\\n]*?\\)(?: const)? (?=[A-Z])");

    private static final int LONGEST = 400;

    private static final int LONGEST_CHAIN = 20;

    private EngineMessages() {
    }

    /**
     * {@return what went wrong, in one line, by the first of the causes that has words
     * for it}
     * @param ex what the engine threw
     */
    public static String reason(Throwable ex) {
        String message = causes(ex).map(Throwable::getMessage)
            .filter((text) -> text != null && !text.isBlank())
            .findFirst()
            .orElse("");
        return KNOWN.stream()
            .map((known) -> known.in(message))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseGet(() -> unknown(message, ex));
    }

    static Stream<Throwable> causes(Throwable ex) {
        return Stream.<@Nullable Throwable>iterate(ex, (cause) -> (cause != null) ? cause.getCause() : null)
            .limit(LONGEST_CHAIN)
            .flatMap(Stream::ofNullable);
    }

    /** Only converters of other models than networks use other operators. */
    private static String lower(String domain, String opset) {
        return domain.equals("ai.onnx") ? "opset_version=" + opset
                : "target_opset={\"%s\": %s}".formatted(domain, opset);
    }

    private static String otherType(MatchResult found) {
        return "it computes in %s, but it is fed float32: export it with float32 inputs and weights, e.g. after model.float()"
            .formatted(found.group(1));
    }

    /**
     * libtorch says it last, after the program's own stack; ONNX Runtime in one piece.
     */
    private static String unknown(String message, Throwable ex) {
        Matcher ort = ORT.matcher(message);
        String text = ort.find() ? SOURCE.matcher(ort.replaceFirst("")).replaceAll("").replaceAll("\\s+", " ").strip()
                : lastLine(message);
        return text.isEmpty() ? ex.getClass().getSimpleName() : text.substring(0, Math.min(text.length(), LONGEST));
    }

    private static String lastLine(String message) {
        return message.lines()
            .map(String::strip)
            .filter((line) -> !line.isEmpty())
            .reduce((first, second) -> second)
            .orElse("");
    }

    /** A message that is understood. */
    private static final class Known {

        private final Pattern pattern;

        private final Function<MatchResult, String> sentence;

        private Known(String pattern, Function<MatchResult, String> sentence) {
            this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
            this.sentence = sentence;
        }

        private Optional<String> in(String message) {
            Matcher matcher = pattern.matcher(message);
            return matcher.find() ? Optional.of(sentence.apply(matcher)) : Optional.empty();
        }

    }

}
