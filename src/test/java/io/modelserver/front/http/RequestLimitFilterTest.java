package io.modelserver.front.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RequestLimitFilterTest {

    private final AtomicLong now = new AtomicLong();

    private final List<ProblemCode> rejected = new ArrayList<>();

    private final HandlerExceptionResolver problems = (request, response, handler, ex) -> {
        rejected.add(((ProblemException) ex).code());
        return new ModelAndView();
    };

    private final RequestLimitFilter filter = new RequestLimitFilter(10, 50, now::get, problems);

    @Test
    void aBodyWithinItsLimitsIsReadAsItIs() throws Exception {
        assertThat(read("0123456789", 10)).isEqualTo("0123456789");
    }

    @Test
    void aBodyThatTakesTooLongIsCut() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("0123456789", 60))
            .satisfies((problem) -> assertThat(problem.code()).isEqualTo(ProblemCode.REQUEST_TIMEOUT));
    }

    @Test
    void aBodyThatTurnsOutTooLongIsCut() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("0123456789+", 0))
            .satisfies((problem) -> assertThat(problem.code()).isEqualTo(ProblemCode.PAYLOAD_TOO_LARGE));
    }

    @Test
    void aRangeOfTypesIsNoType() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/predict");
        request.setContentType("application/*");

        filter.doFilter(request, new MockHttpServletResponse(), (passed, response) -> {
            throw new AssertionError("it passed");
        });

        assertThat(rejected).containsExactly(ProblemCode.UNSUPPORTED_MEDIA_TYPE);
    }

    /** Reads a body whose length is not told; each byte takes a share of the time. */
    private String read(String content, long nanos) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/predict") {

            @Override
            public long getContentLengthLong() {
                return -1;
            }

        };
        request.setContent(content.getBytes(StandardCharsets.UTF_8));
        StringBuilder read = new StringBuilder();
        filter.doFilter(request, new MockHttpServletResponse(), (passed, response) -> {
            var body = passed.getInputStream();
            for (int next = body.read(); next >= 0; next = body.read()) {
                read.append((char) next);
                now.addAndGet(nanos / content.length());
            }
        });
        return read.toString();
    }

}
