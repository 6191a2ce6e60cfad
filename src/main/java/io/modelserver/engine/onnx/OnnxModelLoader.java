package io.modelserver.engine.onnx;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelserver.engine.EngineMessages;
import io.modelserver.engine.EngineStart;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads ONNX from memory, with ONNX Runtime's own API: DJL's feeds inputs by position and
 * returns the values of maps in the order of their hashes.
 */
final class OnnxModelLoader implements ModelLoader {

    private static final Logger logger = LoggerFactory.getLogger(OnnxModelLoader.class);

    private static final String LIBRARIES = "onnxruntime.native.path";

    /** Only what is used of it is ever taken from the system. */
    private static final long STACK_BYTES = 64L << 20;

    private final int intraOpThreads;

    OnnxModelLoader(int intraOpThreads) {
        this.intraOpThreads = intraOpThreads;
    }

    @Override
    public LoadedModel load(ModelArtifact artifact) throws ModelLoadException {
        OnnxFile file = read(artifact);
        check(file);
        FutureTask<LoadedModel> task = new FutureTask<>(() -> loadHere(artifact, file));
        // ONNX Runtime matches the whole command line of the process against regular
        // expressions when it starts, and
        // walks graphs, by recursion: on a thread's usual stack, a command line of 12 KB
        // ends the process.
        Thread thread = new Thread(null, task, "onnxruntime-load", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return resultOf(task);
    }

    private static LoadedModel resultOf(FutureTask<LoadedModel> task) throws ModelLoadException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                }
                catch (InterruptedException ex) {
                    // The engine can't be interrupted, and what it loads must not be
                    // lost.
                    interrupted = true;
                }
            }
        }
        catch (ExecutionException ex) {
            throw (ex.getCause() instanceof ModelLoadException reason) ? reason
                    : new ModelLoadException("ONNX Runtime cannot read the file: "
                            + EngineMessages.reason(Objects.requireNonNullElse(ex.getCause(), ex)), ex);
        }
        finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static OnnxFile read(ModelArtifact artifact) throws ModelLoadException {
        try {
            return OnnxFile.read(artifact.bytes());
        }
        catch (IOException ex) {
            byte[] bytes = artifact.bytes();
            String zip = (bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K')
                    ? "; it is a zip, as torch.save and torch.jit.save write it: call it model.pt if it is TorchScript"
                    : "";
            throw new ModelLoadException("ONNX Runtime cannot read the file: it is not an ONNX model, or only the "
                    + "beginning of one, export or copy it again (%s)%s".formatted(ex.getMessage(), zip), ex);
        }
    }

    private static void check(OnnxFile file) throws ModelLoadException {
        if (!file.externalFiles().isEmpty()) {
            throw new ModelLoadException(("model.onnx keeps its weights in another file (%s), which no checksum "
                    + "covers: export it as one file, with torch.onnx.export(…, external_data=False) or "
                    + "mlflow.onnx.log_model(…, save_as_external_data=False), or make it one with "
                    + "onnx.save(onnx.load(\"model.onnx\"), \"model.onnx\")")
                .formatted(String.join(", ", file.externalFiles().stream().sorted().toList())));
        }
        for (OnnxValue input : file.inputs()) {
            if (input.kind() != OnnxValue.Kind.TENSOR || OnnxTensors.datatype(input.elementType()).isEmpty()) {
                throw new ModelLoadException(
                        ("input '%s' of model.onnx takes %s, but the server feeds float32 tensors: "
                                + "export the model with float32 inputs and convert them inside it")
                            .formatted(input.name(), input.elementType()));
            }
        }
    }

    private LoadedModel loadHere(ModelArtifact artifact, OnnxFile file) throws ModelLoadException {
        OrtEnvironment environment = environment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(intraOpThreads);
            options.setInterOpNumThreads(1);
            return new OnnxModel(environment, environment.createSession(artifact.bytes(), options), file);
        }
        catch (OrtException ex) {
            logger.warn("{}: ONNX Runtime cannot read the file: {}", artifact.id(), ex.getMessage());
            throw new ModelLoadException("ONNX Runtime cannot read the file: " + EngineMessages.reason(ex), ex);
        }
    }

    private static OrtEnvironment environment() throws ModelLoadException {
        OnnxRuntimeTelemetry.turnOff();
        if (System.getProperty(LIBRARIES) == null) {
            new OnnxRuntimeLibraries(OrtEnvironment.class, EngineStart.cacheFolder("onnxruntime")).folder()
                .ifPresent((folder) -> System.setProperty(LIBRARIES, folder.toString()));
        }
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            OnnxRuntimeEnvironment.keep();
            return environment;
        }
        catch (LinkageError | RuntimeException ex) {
            throw new ModelLoadException("ONNX Runtime could not be started: "
                    + EngineStart.failure(ex, EngineStart.cacheFolder("onnxruntime")), ex);
        }
    }

}
