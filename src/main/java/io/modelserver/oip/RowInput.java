package io.modelserver.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.oip.tensor.TensorRows;
import io.modelserver.serving.InputSource;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.Supply;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.ScaleCheck;

/** One row of a request's tensors, which are of no symbol. Used once. */
final class RowInput implements InputSource {

    private final Rows rows;

    private final int row;

    private Predicate<String> isTaken = (name) -> false;

    RowInput(Rows rows, int row) {
        this.rows = rows;
        this.row = row;
    }

    @Override
    public void askedByMembers(Predicate<String> isTakenByAny) {
        isTaken = isTakenByAny;
    }

    @Override
    public Supply inputFor(ModelMetadata version) {
        try {
            List<TensorRows> tensors = rows.of(version, isTaken);
            List<Tensor> own = new ArrayList<>(tensors.size());
            for (int i = 0; i < tensors.size(); i++) {
                TensorSpec spec = version.inputs().get(i);
                own.add(tensors.get(i).row(row, spec, version.missingAllowed() && i == 0));
            }
            return new Supply.Ready(ScaleCheck.passed(version, new ModelInput(own)));
        }
        catch (InvalidFeaturesException ex) {
            return new Supply.Unusable(Refusal.INVALID_FEATURES, String.valueOf(ex.getMessage()), ex.problems());
        }
    }

}
