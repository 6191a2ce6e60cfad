package io.modelserver.experiment.verdict;

/** The finding about one treatment. */
public sealed interface Finding {

    /** It earns more than control. */
    record Better() implements Finding {
    }

    /** It earns less than control. */
    record Worse() implements Finding {
    }

    /** No difference has been shown. */
    record Unclear() implements Finding {
    }

    /**
     * The outcomes can't be judged.
     *
     * @param reason a sentence that says why
     */
    record Withheld(String reason) implements Finding {
    }

}
