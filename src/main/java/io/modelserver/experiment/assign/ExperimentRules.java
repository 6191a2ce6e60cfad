package io.modelserver.experiment.assign;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.modelserver.experiment.statistics.Numbers;
import org.jspecify.annotations.Nullable;

/** What an experiment must be like to be run; every broken rule is one problem. */
final class ExperimentRules {

    /** What shares may miss 1 by, so that 0.333 three times will do. */
    private static final double TRAFFIC_TOLERANCE = 0.001;

    private static final int MOST_VARIANTS = 16;

    private static final Duration LONGEST = Duration.ofDays(3660);

    private static final double MOST_COST_BPS = 10_000;

    private static final double SECONDS_PER_HOUR = 3_600;

    /** As the registry has it: nothing that a path could be built from. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final Set<String> STAGES = Set.of("production", "staging", "latest");

    private final List<BrokenRule> problems = new ArrayList<>();

    ExperimentRules(String id, List<Variant> variants, Duration duration, int minSamples, Guardrails guardrails,
            @Nullable Duration outcomeHorizon, @Nullable Double costBps) {
        requireName("experiment_id", id);
        checkVariants(variants);
        require(duration.isPositive() && duration.compareTo(LONGEST) <= 0, "duration_hours",
                "must be more than 0 and at most %d hours, not %s".formatted(LONGEST.toHours(),
                        duration.toSeconds() / SECONDS_PER_HOUR));
        require(minSamples >= 1, "min_samples", "must be at least 1, not " + minSamples);
        checkLimit("max_error_rate_increase", guardrails.maxErrorRateIncrease(), 0, 1);
        checkLimit("max_error_rate_ratio", guardrails.maxErrorRateRatio(), 1, Double.MAX_VALUE);
        checkLimit("max_p95_latency_ratio", guardrails.maxP95LatencyRatio(), 1, Double.MAX_VALUE);
        require(outcomeHorizon == null
                || (outcomeHorizon.isPositive() && outcomeHorizon.compareTo(Experiment.LONGEST_HORIZON) <= 0),
                "outcome_horizon",
                "must be more than 0 and at most %d h, not %s".formatted(Experiment.LONGEST_HORIZON.toHours(),
                        (outcomeHorizon != null) ? Numbers.text(outcomeHorizon) : null));
        require(costBps == null || (costBps >= 0 && costBps <= MOST_COST_BPS), "cost_bps",
                "must be from 0 to %s basis points, not %s".formatted(MOST_COST_BPS, costBps));
    }

    List<BrokenRule> problems() {
        return problems;
    }

    private void checkVariants(List<Variant> variants) {
        require(variants.size() >= 2 && variants.size() <= MOST_VARIANTS, "variants",
                "must be control and at least one more, %d at most; there are %d".formatted(MOST_VARIANTS,
                        variants.size()));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < variants.size(); i++) {
            Variant variant = variants.get(i);
            String at = "variants[%d].".formatted(i);
            checkVariant(at, variant);
            require(names.add(variant.name()), at + "name",
                    "must be unique, but '%s' appears twice".formatted(variant.name()));
        }
        require(variants.isEmpty() || !variants.getFirst().shadow(), "variants[0].shadow",
                "must be false: the first variant is control");
        double sum = variants.stream().mapToDouble(Variant::traffic).sum();
        require(!Double.isFinite(sum) || Math.abs(sum - 1) <= TRAFFIC_TOLERANCE, "variants",
                "traffic must sum to 1 ± %s, not to %s".formatted(TRAFFIC_TOLERANCE, sum));
    }

    private void checkVariant(String at, Variant variant) {
        String version = variant.model().version();
        requireName(at + "name", variant.name());
        requireName(at + "model_name", variant.model().name());
        requireName(at + "model_version", version);
        require(!STAGES.contains(version), at + "model_version",
                "must be an exact version, not '%s'".formatted(version));
        double traffic = variant.traffic();
        if (variant.shadow()) {
            require(traffic == 0, at + "traffic", "of a shadow must be 0, not " + traffic);
        }
        else {
            require(traffic > 0 && traffic <= 1 + TRAFFIC_TOLERANCE, at + "traffic",
                    "must be greater than 0 and at most 1, or 0 with \"shadow\": true; it is " + traffic);
        }
    }

    private void checkLimit(String field, @Nullable Double limit, double least, double most) {
        String range = (most == Double.MAX_VALUE) ? "a finite number of at least " + least
                : "from %s to %s".formatted(least, most);
        require(limit == null || (limit >= least && limit <= most), "guardrails." + field,
                "must be %s, not %s".formatted(range, limit));
    }

    private void requireName(String field, String name) {
        require(NAME.matcher(name).matches(), field,
                "must be 1 to 128 letters, digits, '.', '_' or '-', beginning with "
                        + "a letter or digit, not '%s'".formatted(name));
    }

    private void require(boolean holds, String field, String message) {
        if (!holds) {
            problems.add(new BrokenRule(field, message));
        }
    }

}
