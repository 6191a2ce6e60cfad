package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.trading.InvalidFeaturesException;

/**
 * Reads texts.
 *
 * @param name of the tensor
 * @param texts in UTF-8
 */
record TextReader(String name, List<ByteBuffer> texts) implements ElementReader {

    @Override
    public int size() {
        return texts.size();
    }

    @Override
    public String describe() {
        return "%d elements".formatted(texts.size());
    }

    @Override
    public Tensor read(Datatype datatype, int[] shape, int from, boolean missing) throws InvalidFeaturesException {
        if (datatype != Datatype.BYTES) {
            throw ElementReader.mismatch(name, WireType.BYTES, datatype);
        }
        String[] read = new String[ElementReader.size(shape)];
        for (int i = 0; i < read.length; i++) {
            try {
                read[i] = StandardCharsets.UTF_8.newDecoder().decode(texts.get(from + i).duplicate()).toString();
            }
            catch (CharacterCodingException ex) {
                throw TensorRows.invalid(name, "has the element %d, which is not UTF-8".formatted(from + i));
            }
        }
        return new Tensor(shape, read);
    }

}
