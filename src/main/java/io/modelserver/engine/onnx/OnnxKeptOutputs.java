package io.modelserver.engine.onnx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of one instance that are kept, by batch size. There are none of models
 * whose file leaves more open than the size of the batch, and none any more once a pass
 * has shown that the file is wrong. Used by one thread at a time.
 */
final class OnnxKeptOutputs implements AutoCloseable {

    private static final int MOST_KEPT = 32;

    private final OrtEnvironment environment;

    private final OrtSession session;

    private final Set<String> names;

    private final SequencedMap<Integer, OnnxOutputs> kept = new LinkedHashMap<>();

    /** Null until the first pass; empty if outputs can't be kept. */
    private @Nullable Map<String, TensorInfo> infos;

    /**
     * Creates them without memory.
     * @param names of the outputs that are wanted
     */
    OnnxKeptOutputs(OrtEnvironment environment, OrtSession session, Set<String> names) {
        this.environment = environment;
        this.session = session;
        this.names = names;
    }

    /**
     * Finds the outputs of a batch size.
     * @param inputs of a batch of that size, which are run for a trial the first time
     * @return the outputs, to be used before the next call; null if the engine has to
     * allocate them
     * @throws OrtException if the engine does not take them
     */
    @Nullable OnnxOutputs of(int batchSize, Map<String, OnnxTensor> inputs) throws OrtException {
        if (infos == null) {
            infos = plain();
            if (!infos.isEmpty() && !areWritten(infos, batchSize, inputs)) {
                giveUp();
            }
        }
        if (infos == null || infos.isEmpty()) {
            return null;
        }
        OnnxOutputs known = kept.get(batchSize);
        return (known != null) ? known : make(infos, batchSize);
    }

    /** The engine's own allocation is used from now on. */
    void giveUp() {
        close();
        infos = Map.of();
    }

    private @Nullable OnnxOutputs make(Map<String, TensorInfo> all, int batchSize) throws OrtException {
        OnnxOutputs made = OnnxOutputs.of(environment, all, batchSize).orElse(null);
        if (made != null) {
            if (kept.size() == MOST_KEPT) {
                kept.pollFirstEntry().getValue().close();
            }
            kept.put(batchSize, made);
        }
        return made;
    }

    private boolean areWritten(Map<String, TensorInfo> all, int batchSize, Map<String, OnnxTensor> inputs) {
        try {
            OnnxOutputs made = make(all, batchSize);
            return made != null && made.areWritten(session, inputs);
        }
        catch (OrtException ex) {
            return false;
        }
    }

    private Map<String, TensorInfo> plain() throws OrtException {
        Map<String, NodeInfo> all = session.getOutputInfo();
        Map<String, TensorInfo> plain = new LinkedHashMap<>();
        for (String name : names) {
            NodeInfo node = all.get(name);
            if (node == null || !(node.getInfo() instanceof TensorInfo info) || !OnnxOutputs.isPlain(info)) {
                return Map.of();
            }
            plain.put(name, info);
        }
        return plain;
    }

    @Override
    public void close() {
        kept.values().forEach(OnnxOutputs::close);
        kept.clear();
    }

}
