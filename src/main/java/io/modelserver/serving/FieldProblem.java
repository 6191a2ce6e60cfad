package io.modelserver.serving;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with one field of a request.
 *
 * @param field its path, e.g. {@code features[17]}
 * @param message what was expected and what came
 */
public record FieldProblem(String field, String message) {

    private static final int NAMED = 5;

    /**
     * Says what is wrong in one line.
     * @param problems at least one
     * @return the first few, and how many more there are
     */
    public static String summary(List<FieldProblem> problems) {
        String first = problems.stream()
            .limit(NAMED)
            .map((problem) -> problem.field() + ": " + problem.message())
            .collect(Collectors.joining("; "));
        return (problems.size() <= NAMED) ? first : "%s; and %d more".formatted(first, problems.size() - NAMED);
    }

}
