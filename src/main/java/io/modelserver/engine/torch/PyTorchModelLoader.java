package io.modelserver.engine.torch;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import io.modelserver.engine.EngineMessages;
import io.modelserver.engine.EngineStart;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.engine.ModelLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads TorchScript from memory. The native library is unpacked and loaded with the first
 * model; nothing is ever downloaded. DJL's own {@code Model} is not used: it leaves an
 * empty folder behind for every model that it reads from memory. Weights that were saved
 * on another device are read to the CPU.
 */
final class PyTorchModelLoader implements ModelLoader {

    private static final Logger logger = LoggerFactory.getLogger(PyTorchModelLoader.class);

    private static final String ENGINE = "PyTorch";

    private final int intraOpThreads;

    PyTorchModelLoader(int intraOpThreads) {
        this.intraOpThreads = intraOpThreads;
    }

    @Override
    public LoadedModel load(ModelArtifact artifact) throws ModelLoadException {
        Engine engine = engine();
        NDManager manager = engine.newBaseManager(Device.cpu());
        try {
            Block block = JniUtils.loadModule((PtNDManager) manager, new ByteArrayInputStream(artifact.bytes()), true,
                    false);
            return new DjlModel(block, manager, ENGINE + " " + engine.getVersion(),
                    TorchScriptFile.read(artifact.bytes()));
        }
        catch (IOException | EngineException ex) {
            manager.close();
            logger.warn("{}: PyTorch cannot read the file: {}", artifact.id(), ex.getMessage());
            throw new ModelLoadException("PyTorch cannot read the file: " + EngineMessages.reason(ex), ex);
        }
    }

    /**
     * DJL reads these settings once, when the engine is first asked for, and from nowhere
     * else.
     */
    private Engine engine() throws ModelLoadException {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(intraOpThreads));
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        try {
            return Engine.getEngine(ENGINE);
        }
        catch (EngineException | LinkageError | AssertionError ex) {
            throw new ModelLoadException("the PyTorch engine could not be started: "
                    + EngineStart.failure(ex, Utils.getEngineCacheDir("pytorch")), ex);
        }
    }

}
