package io.modelserver.engine.onnx;

import java.util.List;
import java.util.Optional;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelSignature;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of ONNX Runtime, which its instances share. */
final class OnnxModel implements LoadedModel {

    private static final Logger logger = LoggerFactory.getLogger(OnnxModel.class);

    private final OrtEnvironment environment;

    private final OrtSession session;

    private final ModelSignature signature;

    OnnxModel(OrtEnvironment environment, OrtSession session, OnnxFile file) {
        this.environment = environment;
        this.session = session;
        this.signature = new ModelSignature(file.inputs().stream().map(OnnxModel::input).toList(),
                file.outputs().stream().map((output) -> output(output, file)).toList(), file.labelLists());
    }

    static ModelSignature.Input input(OnnxValue input) {
        long batch = input.shape().isEmpty() ? 0 : Math.max(0, input.shape().getFirst());
        return new ModelSignature.Input(input.name(), batch, true,
                OnnxTensors.datatype(input.elementType()).orElse(null), input.shape());
    }

    private static ModelSignature.Output output(OnnxValue output, OnnxFile file) {
        List<String> labels = file.classLabels().getOrDefault(output.name(), List.of());
        ModelSignature.Kind kind = switch (output.kind()) {
            case TENSOR -> output.holdsLabels() ? ModelSignature.Kind.LABELS
                    : output.holdsScores() ? ModelSignature.Kind.NUMBERS : ModelSignature.Kind.OTHER;
            case MAPS -> labels.isEmpty() ? ModelSignature.Kind.OTHER : ModelSignature.Kind.NUMBERS;
            case OTHER -> ModelSignature.Kind.OTHER;
        };
        return new ModelSignature.Output(output.name(), kind, labels, datatype(output, kind), output.shape());
    }

    /** Maps and numbers that only the engine knows are read as {@code FP32}. */
    private static @Nullable Datatype datatype(OnnxValue output, ModelSignature.Kind kind) {
        Optional<Datatype> own = (output.kind() == OnnxValue.Kind.TENSOR) ? OnnxTensors.datatype(output.elementType())
                : Optional.empty();
        return own.orElse((kind == ModelSignature.Kind.NUMBERS) ? Datatype.FP32 : null);
    }

    @Override
    public String engine() {
        return "ONNX Runtime " + environment.getVersion();
    }

    @Override
    public ModelSignature signature() {
        return signature;
    }

    @Override
    public ModelInstance newInstance() {
        return new OnnxInstance(environment, session, signature);
    }

    @Override
    public void close() {
        try {
            session.close();
        }
        catch (OrtException ex) {
            logger.warn("a session could not be closed", ex);
        }
    }

}
