package io.modelserver.front.oip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.zip.GZIPOutputStream;

import io.modelserver.front.http.RequestBodies;
import io.modelserver.model.TensorSpec;
import io.modelserver.oip.CallTimes;
import io.modelserver.oip.InferAnswer;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelDetails;
import io.modelserver.oip.tensor.WireSpec;
import io.modelserver.oip.tensor.WireTensor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tensors in, tensors out; whatever the type of the body is said to be. */
@RestController
@Tag(name = "inference")
final class InferController {

    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    /** What fits into a packet is not worth compressing. */
    private static final int LEAST_COMPRESSED = 1400;

    private final InferenceService service;

    private final ModelCatalog catalog;

    private final RequestBodies bodies;

    private final LongSupplier nanoTime;

    InferController(InferenceService service, ModelCatalog catalog, RequestBodies bodies, LongSupplier nanoTime) {
        this.service = service;
        this.catalog = catalog;
        this.bodies = bodies;
        this.nanoTime = nanoTime;
    }

    @PostMapping("/v2/models/{name}/infer")
    @Operation(operationId = "infer", summary = "Tensors to the version in PRODUCTION, and its tensors back")
    @InferBody
    void infer(@PathVariable String name, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        infer(name, null, request, response);
    }

    @PostMapping("/v2/models/{name}/versions/{version}/infer")
    @Operation(operationId = "inferVersion", summary = "Tensors to one version, and its tensors back")
    @InferBody
    void inferVersion(@PathVariable String name, @PathVariable String version, HttpServletRequest request,
            HttpServletResponse response) throws IOException, InterruptedException {
        infer(name, version, request, response);
    }

    private void infer(String name, @Nullable String version, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            long arrival = nanoTime.getAsLong();
            String header = request.getHeader(JSON_LENGTH);
            int jsonLength = (header != null) ? jsonLength(header, body.length()) : body.length();
            boolean raw = header != null && jsonLength == 0;
            InferRequest infer = raw ? onlyInput(name, version, body.bytes(0))
                    : new InferBodyReader(body.json(jsonLength), (header != null) ? body.bytes(jsonLength) : null)
                        .read(name, version);
            AnswerWriter writer = new AnswerWriter(infer, raw);
            InferAnswer answer = OipRefusal
                .unless(service.infer(infer, new CallTimes(arrival, nanoTime.getAsLong() - arrival)));
            send(writer.write(answer), request, response);
        }
    }

    private static int jsonLength(String header, int bodyLength) {
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 0 && length <= bodyLength) {
                return length;
            }
        }
        catch (NumberFormatException ex) {
            // Refused below.
        }
        throw OipRefusal.invalid("%s is '%s', expected a number of bytes from 0 to %d, the length of the body"
            .formatted(JSON_LENGTH, header, bodyLength));
    }

    /** A body that is nothing but the elements of one row of the model's only input. */
    private InferRequest onlyInput(String name, @Nullable String version, ByteBuffer elements)
            throws InterruptedException {
        ModelDetails model = OipRefusal.unless(catalog.describe(name, version));
        if (model.inputs().size() != 1) {
            throw OipRefusal.invalid("a body without JSON is for models with one input, and '%s' has %d".formatted(name,
                    model.inputs().size()));
        }
        WireSpec input = model.inputs().getFirst();
        long[] shape = input.shape().stream().mapToLong(Integer::longValue).toArray();
        shape[0] = 1;
        long free = LongStream.of(shape).filter((dimension) -> dimension == TensorSpec.FREE).count();
        if (input.type().elementBytes() == 0 || free > 1) {
            throw OipRefusal.invalid(
                    "input '%s' has the shape %s of %s, so that its length does not tell its shape: send JSON before it"
                        .formatted(input.name(), input.shape(), input.type()));
        }
        long known = LongStream.of(shape)
            .filter((dimension) -> dimension != TensorSpec.FREE)
            .reduce(1, (a, b) -> a * b);
        for (int axis = 1; axis < shape.length; axis++) {
            shape[axis] = (shape[axis] == TensorSpec.FREE) ? elements.remaining() / input.type().elementBytes() / known
                    : shape[axis];
        }
        return new InferRequest(name, version, null, Map.of(), List.of(new WireTensor(input.name(), input.type(),
                LongStream.of(shape).boxed().toList(), new WireTensor.Raw(elements))), List.of());
    }

    private static void send(AnswerWriter.Body body, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] bytes = body.bytes();
        if (bytes.length >= LEAST_COMPRESSED && AcceptedEncodings.includeGzip(request)) {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 2);
            try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(bytes);
            }
            bytes = compressed.toByteArray();
            response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        response.setContentType(
                body.isBinary() ? MediaType.APPLICATION_OCTET_STREAM_VALUE : MediaType.APPLICATION_JSON_VALUE);
        if (body.isBinary()) {
            response.setIntHeader(JSON_LENGTH, body.jsonLength());
        }
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

}
