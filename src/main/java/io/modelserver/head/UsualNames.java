package io.modelserver.head;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.model.OutputRole;

/** What converters call outputs, apart from the server's own names for them. */
final class UsualNames {

    /** What scikit-learn's, LightGBM's, XGBoost's and CatBoost's call a regressor's. */
    private static final Set<String> OF_REGRESSORS = Set.of("variable", "predictions");

    private static final Set<String> OF_ROLES = Arrays.stream(OutputRole.values())
        .filter((role) -> role != OutputRole.QUANTILES)
        .flatMap((role) -> Stream.concat(Stream.of(role.key()), of(role).stream()))
        .collect(Collectors.toUnmodifiableSet());

    private UsualNames() {
    }

    /**
     * {@return the other names of an output with that role}
     */
    static List<String> of(OutputRole role) {
        return switch (role) {
            case DIRECTION_LOGITS -> List.of("logits");
            case PROBABILITIES -> List.of("output_probability");
            case LABEL -> List.of("output_label");
            case CONFIDENCE, EXPECTED_RETURN, QUANTILES -> List.of();
        };
    }

    static boolean isOfRegressor(String name) {
        return OF_REGRESSORS.contains(name);
    }

    /**
     * {@return whether an output of that name has a role, or would have it if no other
     * output had}
     */
    static boolean isOfRole(String name) {
        return OF_ROLES.contains(name);
    }

}
