package io.modelserver.front.oip;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.zip.GZIPInputStream;

import io.modelserver.front.WireConfiguration;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.oip.InferAnswer;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import io.modelserver.oip.ModelDetails;
import io.modelserver.oip.OipResult;
import io.modelserver.oip.OipStatus;
import io.modelserver.oip.WireTensors;
import io.modelserver.oip.tensor.AnswerTensor;
import io.modelserver.oip.tensor.WireSpec;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.times;

@WebMvcTest({ InferController.class, ModelsController.class, RepositoryController.class })
@Import(WireConfiguration.class)
class InferControllerTest {

    private static final String ONE_INPUT = """
            {"id": "42", "inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP32", "data": [1, 2.5]}]}""";

    private static final ModelId MODEL = new ModelId("m", "1");

    @MockitoBean
    InferenceService service;

    @MockitoBean
    ModelCatalog catalog;

    @MockitoBean
    ModelControl control;

    @MockitoBean
    ApplicationAvailability availability;

    @Autowired
    MockMvcTester http;

    @Test
    void theAnswerIsTheJsonOfTheProtocol() throws Exception {
        answer("42", new AnswerTensor("y", new Tensor(new int[] { 1, 3 }, new float[] { 1.1f, 2, -3 })),
                new AnswerTensor("z", new Tensor(new int[] { 1 }, new String[] { "é" })),
                new AnswerTensor("n", new Tensor(new int[] { 1, 1 }, new long[] { Long.MIN_VALUE })),
                new AnswerTensor("b", new Tensor(new int[] { 2 }, new boolean[] { true, false })),
                new AnswerTensor("h", Tensor.halves(new int[] { 1 }, new short[] { Float.floatToFloat16(0.5f) })));

        assertThat(infer(ONE_INPUT)).hasStatusOk().hasContentType("application/json").bodyJson().isStrictlyEqualTo("""
                { "model_name": "m", "model_version": "1", "id": "42", "outputs": [
                  { "name": "y", "datatype": "FP32", "shape": [1, 3], "data": [1.1, 2.0, -3.0] },
                  { "name": "z", "datatype": "BYTES", "shape": [1], "data": ["é"] },
                  { "name": "n", "datatype": "INT64", "shape": [1, 1], "data": [-9223372036854775808] },
                  { "name": "b", "datatype": "BOOL", "shape": [2], "data": [true, false] },
                  { "name": "h", "datatype": "FP16", "shape": [1], "data": [0.5] } ] }""");
    }

    @Test
    void aRequestNeedsNoContentTypeAndMayNameAVersionThatIsNoNumber() throws Exception {
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1 }, new float[] { 1 })));

        assertThat(http.post().uri(URI.create("/v2/models/m%20x/versions/1.2%2Bcu118/infer")).content(ONE_INPUT))
            .hasStatusOk();
        assertThat(http.post()
            .uri("/v2/models/m/infer")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .content(ONE_INPUT)).hasStatusOk();

        ArgumentCaptor<InferRequest> asked = ArgumentCaptor.forClass(InferRequest.class);
        then(service).should(times(2)).infer(asked.capture(), any());
        assertThat(asked.getAllValues().getFirst().version()).isEqualTo("1.2+cu118");
        assertThat(asked.getAllValues().getLast().version()).isNull();
    }

    @Test
    void inputsAreReadInBinaryAndOutputsWrittenSo() throws Exception {
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1, 2 }, new float[] { 1.5f, -2 })),
                new AnswerTensor("z", new Tensor(new int[] { 1 }, new int[] { 7 })));
        byte[] json = """
                {"inputs": [{"name": "a", "shape": [1, 1], "datatype": "UINT16", "parameters": {"binary_data_size": 2}},
                            {"name": "b", "shape": [1, 1], "datatype": "FP32", "data": [[3]]},
                            {"name": "c", "shape": [1, 1], "datatype": "BOOL", "parameters": {"binary_data_size": 1}}],
                 "outputs": [{"name": "y"}, {"name": "z", "parameters": {"binary_data": false}}],
                 "parameters": {"binary_data_output": true}}""".getBytes(StandardCharsets.UTF_8);
        byte[] body = ByteBuffer.allocate(json.length + 3).put(json).put(WireTensors.bytes(1, 1, 2, 1)).array();

        MvcTestResult result = http.post()
            .uri("/v2/models/m/infer")
            .header("Inference-Header-Content-Length", json.length)
            .content(body)
            .exchange();

        List<WireTensor> inputs = asked().inputs();
        assertThat(raw(inputs.get(0))).isEqualTo(WireTensors.bytes(2, 0x0201));
        assertThat(raw(inputs.get(1))).isEqualTo(WireTensors.bytes(4, Float.floatToIntBits(3)));
        assertThat(raw(inputs.get(2))).isEqualTo(WireTensors.bytes(1, 1));
        assertThat(result).hasStatusOk().hasContentType("application/octet-stream");
        byte[] answer = result.getResponse().getContentAsByteArray();
        int length = Integer.parseInt(result.getResponse().getHeader("Inference-Header-Content-Length"));
        assertThat(new String(answer, 0, length, StandardCharsets.UTF_8))
            .isEqualTo("{\"model_name\":\"m\",\"model_version\":\"1\","
                    + "\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[1,2],\"parameters\":{\"binary_data_size\":8}},"
                    + "{\"name\":\"z\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[7]}]}");
        assertThat(ByteBuffer.wrap(answer, length, answer.length - length))
            .isEqualTo(WireTensors.bytes(4, Float.floatToIntBits(1.5f), Float.floatToIntBits(-2)));
    }

    @Test
    void aBodyOfNothingButElementsIsOneRowOfTheOnlyInput() throws Exception {
        given(catalog.describe("m", null)).willReturn(new OipResult.Done<>(new ModelDetails("m", List.of("1"),
                "onnx_onnxv1", List.of(new WireSpec("x", WireType.FP32, List.of(-1, -1, 2))), List.of())));
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1 }, new float[] { 1 })));

        MvcTestResult result = http.post()
            .uri("/v2/models/m/infer")
            .header("Inference-Header-Content-Length", 0)
            .content(new byte[24])
            .exchange();

        assertThat(asked().inputs().getFirst().shape()).containsExactly(1L, 3L, 2L);
        assertThat(result).hasStatusOk().hasContentType("application/octet-stream");
    }

    @Test
    void anAnswerIsCompressedWhereThatIsAskedForAndWorthIt() throws Exception {
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1, 1000 }, new float[1000])));

        MvcTestResult result = http.post()
            .uri("/v2/models/m/infer")
            .header("Accept-Encoding", "deflate, gzip;q=1.0")
            .content(ONE_INPUT)
            .exchange();

        assertThat(result).hasStatusOk().hasHeader("Content-Encoding", "gzip");
        byte[] body = new GZIPInputStream(new ByteArrayInputStream(result.getResponse().getContentAsByteArray()))
            .readAllBytes();
        assertThat(new String(body, StandardCharsets.UTF_8)).contains("\"shape\":[1,1000]");
        assertThat(http.post().uri("/v2/models/m/infer").header("Accept-Encoding", "gzip;q=0").content(ONE_INPUT))
            .doesNotContainHeader("Content-Encoding");
    }

    @ParameterizedTest
    @CsvSource({ "INVALID_ARGUMENT, 400", "NOT_FOUND, 404", "FAILED_PRECONDITION, 409", "INTERNAL, 500",
            "UNIMPLEMENTED, 501", "UNAVAILABLE, 503", "DEADLINE_EXCEEDED, 504" })
    void aRefusalIsAnErrorWithItsStatus(OipStatus status, int expected) throws Exception {
        given(service.infer(any(), any())).willReturn(new OipResult.Refused<>(status, "why"));

        assertThat(infer(ONE_INPUT)).hasStatus(expected).bodyJson().isStrictlyEqualTo("{ \"error\": \"why\" }");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = { "|expected a JSON object, got nothing",
            "[]|expected a JSON object, got an array", "{|the body is not valid JSON",
            "{}|the request has no field 'inputs'", "{\"inputs\": [1]}|inputs[0] is a number, expected an object",
            "{\"inputs\": [{}]}|inputs[0] needs name, shape and datatype, it lacks name",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP33\"}]}|inputs[0].datatype is 'FP33'",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\"}]}|needs either data or",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1.5], \"datatype\": \"FP32\"}]}|inputs[0].shape: expected",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [\"a\"]}]}|data[0] is a string",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"data\": [128]}]}|out of the range of INT8",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\", \"data\": [1.0]}]}|expected a whole number",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [2, 2], \"datatype\": \"FP32\", \"data\": [[1, 2], [3]]}]}|not regular",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [4], \"datatype\": \"FP32\", \"data\": [[1, 2], [3, 4]]}]}|nested as [2, 2]",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\", \"parameters\": {\"binary_data_size\": 4}}]}"
                    + "|has no header Inference-Header-Content-Length",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"\\ud800\"]}]}|half of a surrogate",
            "{\"inputs\": [{\"data\": [1e], \"name\": \"x\", \"shape\": [1], \"datatype\": \"FP32\"}]}|the body is not valid JSON",
            "{\"inputs\": [], \"inputs\": []}|the body is not valid JSON" })
    void aBodyThatCanNotBeReadIsAnErrorThatSaysWhy(@Nullable String body, String reason) {
        assertThat(infer((body != null) ? body : "")).hasStatus(400)
            .bodyJson()
            .extractingPath("$.error")
            .asString()
            .contains(reason);
    }

    @Test
    void bytesThatNoInputCountsAreAnErrorAndSoAreTooFew() {
        String json = "{\"inputs\": [{\"name\": \"x\", \"shape\": [1], \"datatype\": \"INT8\","
                + " \"parameters\": {\"binary_data_size\": %d}}]}";

        assertThat(http.post()
            .uri("/v2/models/m/infer")
            .header("Inference-Header-Content-Length", json.formatted(1).length())
            .content(json.formatted(1) + "abc")).hasStatus(400).bodyText().contains("2 bytes are left behind");
        assertThat(http.post()
            .uri("/v2/models/m/infer")
            .header("Inference-Header-Content-Length", json.formatted(9).length())
            .content(json.formatted(9) + "abc")).hasStatus(400)
            .bodyText()
            .contains("should have 9 bytes, but 3 are left");
        assertThat(http.post().uri("/v2/models/m/infer").header("Inference-Header-Content-Length", 7).content("{}"))
            .hasStatus(400)
            .bodyText()
            .contains("expected a number of bytes from 0 to 2");
    }

    @Test
    void dataMayComeBeforeItsDatatypeAndBeNestedAsTheShapeSays() throws Exception {
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1 }, new float[] { 1 })));

        infer("""
                {"inputs": [{"data": [[[1, null]], [[NaN, 4]]], "shape": [2, 1, 2], "name": "x", "datatype": "FP32"},
                            {"name": "u", "shape": [1], "datatype": "UINT64", "data": [18446744073709551615]},
                            {"name": "f", "shape": [1], "datatype": "BF16", "data": [1.00390625]},
                            {"name": "t", "shape": [1, 1], "datatype": "BYTES", "data": [["é"]]}]}""");

        List<WireTensor> inputs = asked().inputs();
        assertThat(raw(inputs.get(0)).order(ByteOrder.LITTLE_ENDIAN).getFloat(4)).isNaN();
        assertThat(raw(inputs.get(1))).isEqualTo(WireTensors.bytes(8, -1));
        assertThat(raw(inputs.get(2))).isEqualTo(WireTensors.bytes(2, 0x3F80));
        assertThat(inputs.get(3).elements()).isInstanceOf(WireTensor.Texts.class);
    }

    @Test
    void whatIsRefusedBeforeTheDoorHasTheSameForm() {
        assertThat(http.get().uri("/v2/models/m/infer")).hasStatus(405)
            .hasContentType("application/json")
            .bodyJson()
            .hasPath("$.error");
        assertThat(http.get().uri("/v2/nowhere")).hasStatus(404).bodyJson().isStrictlyEqualTo("""
                { "error": "there is nothing at this path; /docs lists the paths" }""");
        assertThat(http.post().uri("/v2/models/m/infer").header("Content-Encoding", "gzip").content("x")).hasStatus(415)
            .bodyJson()
            .hasPath("$.error");
        assertThat(http.get().uri("/nowhere")).hasStatus(404).hasContentType("application/problem+json");
    }

    @Test
    void anOutputThatJsonCanNotHoldIsAnError() throws Exception {
        answer(null, new AnswerTensor("y", new Tensor(new int[] { 1 }, new float[] { Float.NaN })));

        assertThat(infer(ONE_INPUT)).hasStatus(500).bodyText().contains("output 'y' holds NaN");
    }

    @Test
    void readinessIsAStatus() {
        given(availability.getReadinessState()).willReturn(ReadinessState.ACCEPTING_TRAFFIC);
        given(catalog.isReady()).willReturn(true);
        given(catalog.isLive()).willReturn(true);
        given(catalog.isReady("m", null)).willReturn(new OipResult.Done<>(true));
        given(catalog.isReady("m", "2")).willReturn(new OipResult.Done<>(false));
        given(catalog.isReady("n", null)).willReturn(new OipResult.Refused<>(OipStatus.NOT_FOUND, "no"));

        assertThat(http.get().uri("/v2/health/live")).hasStatusOk().bodyJson().isStrictlyEqualTo("{\"live\": true}");
        assertThat(http.get().uri("/v2/health/ready")).hasStatusOk().bodyJson().isStrictlyEqualTo("{\"ready\": true}");
        assertThat(http.get().uri("/v2/models/m/ready")).hasStatusOk()
            .bodyJson()
            .isStrictlyEqualTo("{\"name\": \"m\", \"ready\": true}");
        assertThat(http.get().uri("/v2/models/m/versions/2/ready")).hasStatus(503)
            .bodyJson()
            .isStrictlyEqualTo("{\"name\": \"m\", \"ready\": false}");
        assertThat(http.get().uri("/v2/models/n/ready")).hasStatus(404);
    }

    @Test
    void callsToTheRepositoryNeedNoBody() throws Exception {
        given(control.load("m", Map.of())).willReturn(new OipResult.Done<>("done"));
        given(control.unload("m")).willReturn(new OipResult.Refused<>(OipStatus.FAILED_PRECONDITION, "no"));
        given(catalog.index(true)).willReturn(List.of());

        assertThat(http.post().uri("/v2/repository/models/m/load")).hasStatusOk();
        assertThat(http.post().uri("/v2/repository/models/m/unload").content("{\"parameters\": {}}")).hasStatus(409);
        assertThat(http.post().uri("/v2/repository/index").content("{\"ready\": true}")).hasStatusOk()
            .bodyJson()
            .isStrictlyEqualTo("[]");
    }

    private MvcTestResult infer(String json) {
        return http.post().uri("/v2/models/m/infer").content(json).exchange();
    }

    private void answer(@Nullable String id, AnswerTensor... outputs) throws InterruptedException {
        given(service.infer(any(), any()))
            .willReturn(new OipResult.Done<>(new InferAnswer(MODEL, id, Map.of(), List.of(outputs))));
    }

    private InferRequest asked() throws InterruptedException {
        ArgumentCaptor<InferRequest> asked = ArgumentCaptor.forClass(InferRequest.class);
        then(service).should().infer(asked.capture(), any());
        return asked.getValue();
    }

    private static ByteBuffer raw(WireTensor tensor) {
        assertThat(tensor.elements()).isInstanceOf(WireTensor.Raw.class);
        return ((WireTensor.Raw) tensor.elements()).bytes();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Values {

        @Bean
        LongSupplier nanoTime() {
            return new AtomicLong()::getAndIncrement;
        }

        @Bean
        RequestLimits requestLimits() {
            return new RequestLimits(100, 32, 10_000_000, 20_000_000, Long.MAX_VALUE, Long.MAX_VALUE);
        }

    }

}
