package io.modelserver.front.http;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;

class RequestIdFilterTest {

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    private final List<String> logged = new ArrayList<>();

    @Test
    void aRequestWithoutAnIdGetsOne() throws Exception {
        assertThat(answered()).matches("[0-9a-f]{16}");
        assertThat(logged).containsExactly(answered());
    }

    @Test
    void theCallersIdIsTakenUp() throws Exception {
        request.addHeader("X-Request-Id", "bot-7.42_a");

        assertThat(answered()).isEqualTo("bot-7.42_a");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "a b", "a\nb", "${jndi:x}", "<b>", "é",
            "12345678901234567890123456789012345678901234567890123456789012345" })
    void anIdThatCouldForgeALineIsReplaced(String given) throws Exception {
        request.addHeader("X-Request-Id", given);

        assertThat(answered()).matches("[0-9a-f]{16}");
    }

    @Test
    void theDispatchOfAnErrorHasTheSameId() throws Exception {
        assertThat(answered()).isEqualTo(answered());
    }

    @Test
    void nothingIsLeftForTheNextRequestOfTheThread() throws Exception {
        answered();

        assertThat(MDC.get("request_id")).isNull();
    }

    private String answered() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        new RequestIdFilter().doFilter(request, response, (in, out) -> {
            if (logged.isEmpty()) {
                logged.add(MDC.get("request_id"));
            }
        });
        return String.valueOf(response.getHeader("X-Request-Id"));
    }

}
