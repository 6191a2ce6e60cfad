package io.modelserver.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import io.modelserver.inference.InferenceException;
import io.modelserver.inference.LoadedModel;
import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelFormat;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelInstance;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelLoader;
import io.modelserver.inference.OutputTensor;
import io.modelserver.inference.Tensor;

/**
 * An engine whose model files say in their last word what they answer: a confidence,
 * {@code broken} or {@code fails}. A forward pass takes as long as its format was told
 * to, on the engine's own clock.
 */
public final class FakeEngine implements ModelLoader {

    /** The same word makes the same bytes, whenever it is written. */
    private static final LocalDateTime WRITTEN = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final AtomicInteger open = new AtomicInteger();

    private final AtomicLong clock = new AtomicLong();

    private final Map<ModelFormat, Long> passNanos = new EnumMap<>(ModelFormat.class);

    public static byte[] file(String lastWord) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("m/code/words");
            entry.setTimeLocal(WRITTEN);
            zip.putNextEntry(entry);
            zip.write(lastWord.getBytes(StandardCharsets.UTF_8));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return bytes.toByteArray();
    }

    public FakeEngine passTakes(ModelFormat format, long nanos) {
        passNanos.put(format, nanos);
        return this;
    }

    public long nanoTime() {
        return clock.get();
    }

    public int openModels() {
        return open.get();
    }

    @Override
    public LoadedModel load(ModelArtifact artifact) throws ModelLoadException {
        String text = text(artifact.bytes());
        String word = text.substring(text.lastIndexOf(' ') + 1);
        if (word.equals("broken")) {
            throw new ModelLoadException("the engine can't read it");
        }
        open.incrementAndGet();
        return new LoadedModel() {

            @Override
            public String engine() {
                return "Fake " + artifact.format();
            }

            @Override
            public ModelInstance newInstance() {
                return new FakeInstance(word, clock, passNanos.getOrDefault(artifact.format(), 0L));
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }

        };
    }

    /** Its ONNX files are made like its TorchScript. */
    private static String text(byte[] file) {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            zip.getNextEntry();
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private record FakeInstance(String word, AtomicLong clock, long passNanos) implements ModelInstance {

        @Override
        public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
            clock.addAndGet(passNanos);
            if (word.equals("fails")) {
                throw new InferenceException("it fails", new IllegalStateException());
            }
            float[] logits = new float[batch.size() * 3];
            float[] confidence = new float[batch.size()];
            java.util.Arrays.fill(confidence, Float.parseFloat(word));
            return List.of(new OutputTensor(null, new Tensor(new int[] { batch.size(), 3 }, logits)),
                    new OutputTensor(null, new Tensor(new int[] { batch.size(), 1 }, confidence)));
        }

        @Override
        public void close() {
        }

    }

}
