package io.modelserver.engine.onnx;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an ONNX file says about itself. Read from the protobuf, without the engine and
 * without its weights.
 *
 * @param irVersion the version of the file format
 * @param operatorSets the version of each domain's operators; the default domain is
 * {@code ""}
 * @param properties the file's own key-value pairs, {@code metadata_props}
 * @param inputs what the graph must be fed, in its order, initializers left out
 * @param outputs what the graph returns, in its order
 * @param classLabels by output, the labels of its columns (or the keys of its maps) in
 * their order, integers in decimal; of an output of labels, those among which it chooses,
 * and just {@code 0} if it gives the number of the column; only where they are certain
 * @param labelLists all lists of class labels in the graph, whether or not they can be
 * told to be those of an output
 * @param externalFiles the files that hold weights, as the tensors name them; empty if
 * the file is whole
 * @see <a href=
 * "https://github.com/onnx/onnx/blob/main/onnx/onnx-ml.proto">onnx-ml.proto</a>
 */
record OnnxFile(long irVersion, Map<String, Long> operatorSets, Map<String, String> properties, List<OnnxValue> inputs,
        List<OnnxValue> outputs, Map<String, List<String>> classLabels, List<List<String>> labelLists,
        Set<String> externalFiles) {

    OnnxFile {
        operatorSets = Map.copyOf(operatorSets);
        properties = Map.copyOf(properties);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        classLabels = Map.copyOf(classLabels);
        labelLists = List.copyOf(labelLists);
        externalFiles = Set.copyOf(externalFiles);
    }

    /**
     * Reads a file.
     * @param bytes the whole file
     * @return what it says
     * @throws IOException if it is not a protobuf message of the kind
     */
    static OnnxFile read(byte[] bytes) throws IOException {
        return new OnnxReader().read(bytes);
    }

}
