package io.modelserver.experiment.assign;

import java.util.List;
import java.util.stream.Collectors;

/** An experiment that can't be run; the message names every field that is wrong. */
public final class InvalidExperimentException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<BrokenRule> problems;

    InvalidExperimentException(List<BrokenRule> problems) {
        super(problems.stream()
            .map((problem) -> problem.field() + ": " + problem.message())
            .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /**
     * {@return the fields that are wrong, at least one}
     */
    public List<BrokenRule> problems() {
        return problems;
    }

}
