package io.modelserver.front.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestBodiesTest {

    private final RequestBodies bodies = new RequestBodies(100_000);

    @Test
    void aBodyIsReadWhetherItsLengthIsToldOrNot() throws Exception {
        for (String content : new String[] { "", "{}", "x".repeat(16_384), "y".repeat(16_385), "z".repeat(99_999) }) {
            assertThat(read(request(content))).isEqualTo(content);
            assertThat(read(chunked(content.substring(content.length() / 2))))
                .isEqualTo(content.substring(content.length() / 2));
        }
    }

    @Test
    void aBodyThatBreaksOffIsAsLongAsItCame() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest() {

            @Override
            public int getContentLength() {
                return 20;
            }

        };
        request.setContent("{}".getBytes(StandardCharsets.UTF_8));

        assertThat(read(request)).isEqualTo("{}");
    }

    @Test
    void bodiesBeyondTheBoundAreRefusedUntilOthersAreClosed() throws Exception {
        RequestBodies.RequestBody first = bodies.read(request("x".repeat(60_000)));

        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> bodies.read(request("x".repeat(60_000))))
            .satisfies((problem) -> assertThat(problem.code()).isEqualTo(ProblemCode.OVERLOADED));

        first.close();
        first.close();
        assertThat(read(request("x".repeat(90_000)))).hasSize(90_000);
    }

    @Test
    void aBodyThatIsOnlyAnnouncedHoldsNothing() throws Exception {
        MockHttpServletRequest announced = new MockHttpServletRequest() {

            @Override
            public int getContentLength() {
                return 100_000;
            }

        };
        announced.setContent("{".getBytes(StandardCharsets.UTF_8));

        try (RequestBodies.RequestBody slow = bodies.read(announced)) {
            assertThat(slow.json()).hasToString("{");
            assertThat(read(request("x".repeat(80_000)))).hasSize(80_000);
        }
    }

    @Test
    void oneRequestAfterTheOtherUsesTheSameMemory() throws Exception {
        RequestBodies.RequestBody first = bodies.read(request("{\"a\": 1}"));
        var slice = first.json();
        first.close();

        assertThat(read(request("[\"b\"]  !"))).isEqualTo("[\"b\"]  !");

        assertThat(slice).hasToString("[\"b\"]  !");
    }

    private String read(MockHttpServletRequest request) throws IOException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            return body.json().toString();
        }
    }

    private static MockHttpServletRequest request(String content) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContent(content.getBytes(StandardCharsets.UTF_8));
        return request;
    }

    private static MockHttpServletRequest chunked(String content) {
        MockHttpServletRequest request = new MockHttpServletRequest() {

            @Override
            public int getContentLength() {
                return -1;
            }

        };
        request.setContent(content.getBytes(StandardCharsets.UTF_8));
        return request;
    }

}
