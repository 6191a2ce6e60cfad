package io.modelserver.djl;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.djl.util.Utils;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelLoader;

/**
 * Loads ONNX from memory. The session is made by ONNX Runtime's own API and given to
 * DJL's block: DJL's {@code Model} leaves an empty folder behind for every model that it
 * reads from memory, and its {@code Predictor} costs up to two fifths more a pass.
 */
final class OnnxModelLoader implements ModelLoader {

    private static final String ENGINE = "OnnxRuntime";

    private static final String LIBRARIES = "onnxruntime.native.path";

    /** Only what is used of it is ever taken from the system. */
    private static final long STACK_BYTES = 64L << 20;

    private final int intraOpThreads;

    OnnxModelLoader(int intraOpThreads) {
        this.intraOpThreads = intraOpThreads;
    }

    @Override
    public LoadedModel load(ModelArtifact artifact) throws ModelLoadException {
        expectWholeFile(artifact);
        FutureTask<LoadedModel> task = new FutureTask<>(() -> loadHere(artifact));
        // ONNX Runtime matches the whole command line of the process against regular
        // expressions when it starts, and
        // walks graphs, by recursion: on a thread's usual stack, a command line of 12 KB
        // ends the process.
        Thread thread = new Thread(null, task, "onnxruntime-load", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return resultOf(task);
    }

    private static void expectWholeFile(ModelArtifact artifact) throws ModelLoadException {
        try {
            Set<String> files = OnnxFile.read(artifact.bytes()).externalFiles();
            if (!files.isEmpty()) {
                throw new ModelLoadException(("model.onnx keeps its weights in another file (%s), which no checksum "
                        + "covers: export it as one file, with torch.onnx.export(…, external_data=False), or make it one "
                        + "with onnx.save(onnx.load(\"model.onnx\"), \"model.onnx\")")
                    .formatted(String.join(", ", files.stream().sorted().toList())));
            }
        }
        catch (IOException ex) {
            byte[] bytes = artifact.bytes();
            String zip = (bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K')
                    ? "; it is a zip, as torch.save and torch.jit.save write it: call it model.pt if it is TorchScript"
                    : "";
            throw new ModelLoadException("ONNX Runtime cannot read the file: it is not ONNX, or only the beginning of "
                    + "it, export or copy it again (%s)%s".formatted(ex.getMessage(), zip), ex);
        }
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

    private LoadedModel loadHere(ModelArtifact artifact) throws ModelLoadException {
        NDManager manager = engine().newBaseManager(Device.cpu());
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(intraOpThreads);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(artifact.bytes(), options);
            return new DjlModel(new OrtSymbolBlock(session, (OrtNDManager) manager), manager,
                    "ONNX Runtime " + environment.getVersion());
        }
        catch (OrtException | EngineException ex) {
            manager.close();
            throw new ModelLoadException("ONNX Runtime cannot read the file: " + EngineMessages.reason(ex), ex);
        }
    }

    /**
     * DJL would start PyTorch beside it, for operations on arrays that no forward pass
     * needs.
     */
    private static Engine engine() throws ModelLoadException {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.onnx.disable_alternative", "true");
        OnnxRuntimeTelemetry.turnOff();
        if (System.getProperty(LIBRARIES) == null) {
            new OnnxRuntimeLibraries(OrtEnvironment.class, Utils.getEngineCacheDir("onnxruntime")).folder()
                .ifPresent((folder) -> System.setProperty(LIBRARIES, folder.toString()));
        }
        try {
            Engine engine = Engine.getEngine(ENGINE);
            OnnxRuntimeEnvironment.keep();
            return engine;
        }
        catch (EngineException | LinkageError | AssertionError ex) {
            throw new ModelLoadException("ONNX Runtime could not be started: " + EngineMessages.reason(ex), ex);
        }
    }

}
