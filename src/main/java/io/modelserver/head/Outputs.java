package io.modelserver.head;

import java.util.List;

import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputTensor;
import org.jspecify.annotations.Nullable;

/** Looks for outputs among those of a pass; nothing is allocated for it. */
final class Outputs {

    private Outputs() {
    }

    /**
     * Finds what the metadata refers to.
     * @param outputs what the model returned
     * @param ref a position only where the outputs have no names
     * @return the output, or null if the model has none
     */
    static @Nullable OutputTensor find(List<OutputTensor> outputs, OutputRef ref) {
        return switch (ref) {
            case OutputRef.ByName name -> byName(outputs, name.name());
            case OutputRef.ByPosition position -> isOrdered(outputs) ? byPosition(outputs, position.index()) : null;
        };
    }

    /** The entries of a dictionary come in no guaranteed order. */
    static boolean isOrdered(List<OutputTensor> outputs) {
        return outputs.size() == 1 || !hasNames(outputs);
    }

    static boolean hasNames(List<OutputTensor> outputs) {
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i).name() != null) {
                return true;
            }
        }
        return false;
    }

    static @Nullable OutputTensor byName(List<OutputTensor> outputs, String name) {
        for (int i = 0; i < outputs.size(); i++) {
            if (name.equals(outputs.get(i).name())) {
                return outputs.get(i);
            }
        }
        return null;
    }

    static @Nullable OutputTensor byPosition(List<OutputTensor> outputs, int index) {
        return (index >= 0 && index < outputs.size()) ? outputs.get(index) : null;
    }

}
