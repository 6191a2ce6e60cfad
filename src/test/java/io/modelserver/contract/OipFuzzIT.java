package io.modelserver.contract;

import java.util.List;
import java.util.function.IntFunction;

/** The same with requests of the Open Inference Protocol. */
class OipFuzzIT extends FuzzIT {

    @Override
    IntFunction<byte[]> requests(long seed) {
        return new FuzzedTensors(seed, sample)::get;
    }

    @Override
    List<String> expected() {
        return List.of("200", "400", "404");
    }

}
