package io.modelserver.app;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.onnx.OnnxEngine;
import io.modelserver.engine.torch.TorchEngine;

/** The engines that this server comes with; one more is one more line. */
final class BundledEngines {

    private BundledEngines() {
    }

    /**
     * {@return the engines in their precedence; none of them is started}
     * @param intraOpThreads threads within one operator of one forward pass
     */
    static Engines of(int intraOpThreads) {
        List<Engine> inPrecedence = new ArrayList<>();
        inPrecedence.add(new TorchEngine(intraOpThreads));
        inPrecedence.add(new OnnxEngine(intraOpThreads));
        return new Engines(inPrecedence);
    }

}
