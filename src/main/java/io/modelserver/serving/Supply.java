package io.modelserver.serving;

import java.util.List;

import io.modelserver.model.ModelInput;
import org.jspecify.annotations.Nullable;

/** What a source brings for a query. */
public sealed interface Supply {

    /**
     * All that the version looks at.
     *
     * @param input a tensor for each input of the version
     */
    record Ready(ModelInput input) implements Supply {
    }

    /**
     * A part, which the source keeps until the rest has come.
     *
     * @param have how many parts are there
     * @param need how many the version looks at
     * @param restart why earlier ones were dropped, null if none were
     */
    record NotYet(int have, int need, @Nullable String restart) implements Supply {
    }

    /**
     * Nothing that the version can be asked.
     *
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     * @param problems the fields that are wrong, where single ones can be named
     */
    record Unusable(Refusal reason, String detail, List<FieldProblem> problems) implements Supply {
    }

}
