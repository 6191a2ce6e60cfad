package io.modelserver.front.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.modelserver.model.Tensor;
import io.modelserver.trading.InvalidFeaturesException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * An array of features from the bytes of a request into a {@code float[]}: by this
 * server's scanner, by Jackson's streaming parser, and by Jackson's {@code ObjectMapper}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DecodingBenchmark {

    private final ObjectMapper mapper = JsonMapper.builder().build();

    /** Decimals as in the example of the README, or 17 digits as Python prints doubles. */
    @Param({ "short", "long" })
    public String decimals = "short";

    private byte[] array = new byte[0];

    private RequestBuffer buffer = new RequestBuffer(array);

    @Setup
    public void readExample() throws IOException {
        String features = new ObjectMapper().readTree(Files.readAllBytes(Path.of("config/examples/predict.json")))
            .path("features")
            .toString();
        array = (decimals.equals("short") ? features : features.replaceAll("(\\.\\d+)", "$100000123456")).getBytes(StandardCharsets.UTF_8);
        buffer = new RequestBuffer(array);
    }

    @Benchmark
    public @Nullable Object scanner() {
        return new NumberArrayScanner(buffer, array.length).scan(0);
    }

    @Benchmark
    public Tensor streamingParser() throws InvalidFeaturesException {
        try (JsonParser parser = new JsonSlice(array).parser()) {
            parser.nextToken();
            return new NumberArrayReader("features").read(parser);
        }
    }

    @Benchmark
    public float[] objectMapper() {
        return mapper.readValue(array, float[].class);
    }

}
