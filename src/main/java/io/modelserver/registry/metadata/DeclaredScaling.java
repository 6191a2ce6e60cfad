package io.modelserver.registry.metadata;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.modelserver.model.Scale;
import io.modelserver.model.Scaling;
import io.modelserver.model.TensorSpec;
import tools.jackson.databind.JsonNode;

/**
 * Reads the {@code scaling} of one input: {@code standard} (mean, scale), {@code minmax}
 * (min, max, feature_range) or {@code robust} (center, scale), each a number or one
 * number per feature, and {@code by_symbol} the same for single symbols.
 */
final class DeclaredScaling {

    private static final String TYPE = "type";

    private static final String BY_SYMBOL = "by_symbol";

    private static final String FEATURE_RANGE = "feature_range";

    private final TensorSpec input;

    private DeclaredScaling(TensorSpec input) {
        this.input = input;
    }

    /** The kinds, each with the two fields that it needs. */
    private enum Kind {

        STANDARD("mean", "scale"), MINMAX("min", "max"), ROBUST("center", "scale");

        private final String first;

        private final String second;

        Kind(String first, String second) {
            this.first = first;
            this.second = second;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }

    }

    /**
     * Whether an object says how to scale something. Others are notes of trainers, as all
     * were before scaling was known.
     */
    static boolean isOne(JsonNode scaling) {
        String type = scaling.path(TYPE).asString("").strip();
        return scaling.isObject() && (scaling.has(BY_SYMBOL) || hasNumbers(scaling)
                || Arrays.stream(Kind.values()).anyMatch((kind) -> kind.key().equalsIgnoreCase(type)));
    }

    /**
     * Reads it.
     * @param scaling an object that {@link #isOne}
     * @param input whose numbers are scaled
     * @param field what the object is called in messages
     * @return the scaling
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static Scaling of(JsonNode scaling, TensorSpec input, String field) {
        if (!input.datatype().isFloating()) {
            throw new IllegalArgumentException("%s: input '%s' is %s, only floating-point numbers can be scaled"
                .formatted(field, input.name(), input.datatype()));
        }
        return new DeclaredScaling(input).read(scaling, field);
    }

    private Scaling read(JsonNode scaling, String field) {
        expectNothingUnread(scaling, field);
        Optional<Kind> kind = kind(scaling, field);
        Map<String, Scale> bySymbol = new HashMap<>();
        JsonNode symbols = scaling.path(BY_SYMBOL);
        if (!symbols.isMissingNode() && (!symbols.isObject() || symbols.isEmpty())) {
            throw new IllegalArgumentException("%s.%s must be an object with a scaling for each symbol, not %s"
                .formatted(field, BY_SYMBOL, symbols));
        }
        for (Map.Entry<String, JsonNode> symbol : symbols.properties()) {
            String of = "%s.%s.%s".formatted(field, BY_SYMBOL, symbol.getKey());
            bySymbol.put(symbol.getKey(), scale(symbol.getValue(),
                    kind(symbol.getValue(), of).or(() -> kind).orElseThrow(() -> withoutKind(of)), scaling, of));
        }
        boolean common = hasNumbers(scaling) || bySymbol.isEmpty();
        return new Scaling(common ? scale(scaling, kind.orElseThrow(() -> withoutKind(field)), scaling, field) : null,
                bySymbol);
    }

    /** Scalings under a misspelt {@code by_symbol} would silently not be applied. */
    private static void expectNothingUnread(JsonNode scaling, String field) {
        for (Map.Entry<String, JsonNode> entry : scaling.properties()) {
            if (!entry.getKey().equals(BY_SYMBOL) && entry.getValue().valueStream().anyMatch(DeclaredScaling::isOne)) {
                throw new IllegalArgumentException("%s.%s is not read: scalings of single symbols belong into %s.%s"
                    .formatted(field, entry.getKey(), field, BY_SYMBOL));
            }
        }
    }

    private static boolean hasNumbers(JsonNode scaling) {
        return Arrays.stream(Kind.values()).anyMatch((kind) -> scaling.has(kind.first) || scaling.has(kind.second));
    }

    /** What {@code type} says, or else the fields that only one kind has. */
    private static Optional<Kind> kind(JsonNode scaling, String field) {
        String said = scaling.path(TYPE).asString("").strip().toLowerCase(Locale.ROOT);
        if (scaling.has(TYPE)) {
            return Optional.of(Arrays.stream(Kind.values())
                .filter((kind) -> kind.key().equals(said))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s.type must be standard, minmax or robust, not %s".formatted(field, scaling.path(TYPE)))));
        }
        List<Kind> told = Arrays.stream(Kind.values())
            .filter((kind) -> scaling.has(kind.first) || (kind == Kind.MINMAX && scaling.has(kind.second)))
            .toList();
        if (told.size() > 1) {
            throw new IllegalArgumentException("%s has fields of different types: add \"type\": \"%s\" or \"%s\""
                .formatted(field, told.get(0).key(), told.get(1).key()));
        }
        return told.stream().findFirst();
    }

    private static IllegalArgumentException withoutKind(String field) {
        return new IllegalArgumentException(
                "%s must have mean and scale (standard), min and max (minmax) or center and scale (robust)"
                    .formatted(field));
    }

    private Scale scale(JsonNode scaling, Kind kind, JsonNode outer, String field) {
        double[] first = numbers(scaling, kind, kind.first, field);
        double[] second = numbers(scaling, kind, kind.second, field);
        int width = Math.max(first.length, second.length);
        double[] offsets = spread(first, width);
        double[] divisors = spread(second, width);
        if (kind != Kind.MINMAX) {
            for (int i = 0; i < width; i++) {
                if (!(divisors[i] > 0)) {
                    throw new IllegalArgumentException(
                            ("%s.scale%s is %s, expected a number greater than 0: a feature that never changed in training "
                                    + "has the scale 1")
                                .formatted(field, place(second, i), divisors[i]));
                }
            }
            return new Scale(offsets, divisors, 0);
        }
        double[] range = range(scaling.has(FEATURE_RANGE) ? scaling.path(FEATURE_RANGE) : outer.path(FEATURE_RANGE),
                field);
        for (int i = 0; i < width; i++) {
            if (!(divisors[i] > offsets[i])) {
                throw new IllegalArgumentException(
                        ("%s.max%s is %s, expected more than the min %s: a feature that never changed in training has a "
                                + "max of its min and 1")
                            .formatted(field, place(second, i), divisors[i], offsets[i]));
            }
            divisors[i] = (divisors[i] - offsets[i]) / (range[1] - range[0]);
        }
        return new Scale(offsets, divisors, range[0]);
    }

    private static double[] range(JsonNode range, String field) {
        if (range.isMissingNode() || range.isNull()) {
            return new double[] { 0, 1 };
        }
        double from = RegistryJson.number(range.path(0));
        double to = RegistryJson.number(range.path(1));
        if (range.size() != 2 || !(from < to) || !Double.isFinite(from) || !Double.isFinite(to)) {
            throw new IllegalArgumentException(
                    "%s.%s must be two numbers, the lower one first, not %s".formatted(field, FEATURE_RANGE, range));
        }
        return new double[] { from, to };
    }

    private double[] numbers(JsonNode scaling, Kind kind, String name, String field) {
        JsonNode node = scaling.path(name);
        if (node.isMissingNode() || node.isNull()) {
            throw new IllegalArgumentException(
                    "%s has no '%s': %s needs '%s' and '%s', each a number or one per feature".formatted(field, name,
                            kind.key(), kind.first, kind.second));
        }
        List<JsonNode> items = node.isArray() ? node.valueStream().toList() : List.of(node);
        int width = input.shape().getLast();
        if (node.isArray() && items.size() != width) {
            throw new IllegalArgumentException("%s.%s has %d numbers, but %s"
                .formatted(field, name, items.size(), (width > 0)
                        ? "input '%s' has %d features: give one for each, or a single number".formatted(input.name(),
                                width)
                        : "input '%s' may have any number of features: give a single number".formatted(input.name())));
        }
        double[] numbers = items.stream().mapToDouble(RegistryJson::number).toArray();
        for (int i = 0; i < numbers.length; i++) {
            if (!Double.isFinite(numbers[i])) {
                throw new IllegalArgumentException("%s.%s%s is %s, expected a finite number".formatted(field, name,
                        node.isArray() ? "[" + i + "]" : "", items.get(i).isNumber() ? numbers[i] : items.get(i)));
            }
        }
        return numbers;
    }

    private static double[] spread(double[] numbers, int width) {
        if (numbers.length == width) {
            return numbers;
        }
        double[] same = new double[width];
        Arrays.fill(same, numbers[0]);
        return same;
    }

    private static String place(double[] numbers, int position) {
        return (numbers.length > 1) ? "[" + position + "]" : "";
    }

}
