package io.modelserver.engine.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelSignature;

/** A model in native memory; its instances share the weights. */
final class DjlModel implements LoadedModel {

    private final Block block;

    private final NDManager manager;

    private final String engine;

    private final TorchScriptFile file;

    private final InputCast cast;

    DjlModel(Block block, NDManager manager, String engine, TorchScriptFile file) {
        this.block = block;
        this.manager = manager;
        this.engine = engine;
        this.file = file;
        this.cast = new InputCast(file.state().floats());
    }

    @Override
    public String engine() {
        return engine;
    }

    @Override
    public ModelSignature signature() {
        List<ModelSignature.Input> inputs = file.arguments()
            .stream()
            .map((name) -> new ModelSignature.Input(name, 0, false, null))
            .toList();
        List<ModelSignature.Output> outputs = file.fields()
            .stream()
            .map((name) -> new ModelSignature.Output(name, ModelSignature.Kind.NUMBERS, List.of(), null))
            .toList();
        return new ModelSignature(inputs, outputs, List.of());
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (file.state().training()) {
            notes.add("it was saved in training mode and is run as after model.eval()");
        }
        file.state()
            .devices()
            .stream()
            .filter((device) -> !device.equals("cpu"))
            .sorted()
            .findFirst()
            .ifPresent((device) -> notes.add("it was saved on %s and is run on the CPU".formatted(device)));
        cast.target()
            .ifPresent((type) -> notes
                .add("its float32 inputs are cast to %s, the type of its weights".formatted(name(type))));
        return notes;
    }

    private static String name(DataType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public LoadedModel withoutFieldNames() {
        return file.fields().isEmpty() ? this
                : new DjlModel(block, manager, engine, new TorchScriptFile(file.arguments(), List.of(), file.state()));
    }

    @Override
    public ModelInstance newInstance() {
        return new DjlInstance(block, manager.newSubManager(), cast, file.fields());
    }

    @Override
    public void close() {
        manager.close();
    }

}
