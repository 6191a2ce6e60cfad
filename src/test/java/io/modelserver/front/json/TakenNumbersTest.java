package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TakenNumbersTest {

    @Test
    void theRestIsTheObjectWithoutTheNumbers() {
        JsonSlice.NumbersAndRest taken = take("{\"symbol\": \"A\", \"features\" : [[1, 2]], \"raw_lob\": null}")
            .orElseThrow();

        assertThat(taken.numbers().shape()).containsExactly(1, 2);
        assertThat(taken.rest()).hasToString("{\"symbol\": \"A\", \"features\" : [], \"raw_lob\": null}");
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"features\":[1]}", " {\"a\":{\"features\":[2,2]},\"features\":[1]}",
            "{\"a\":[\"]\",\"\\\"features\\\":[2]\",{\"b\":\"}\"}],\"features\":[1]}",
            "{\"a\":\"\\\\\",\"features\":[1]}",
            "{\"a\":\"features\",\"b\":1e5,\"c\":null,\"features\":[1],\"features2\":[2]}" })
    void onlyTheFieldOfTheOutermostObjectIsMeant(String json) {
        assertThat(take(json)).hasValueSatisfying((taken) -> assertThat(taken.numbers().values()).containsExactly(1));
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "{", "{}", "[]", "[{\"features\":[1]}]", "{\"features\"", "{\"features\":",
            "{\"features\":{}}", "{\"features\":\"[1]\"}", "{\"feature\":[1]}", "{\"feat\\u0075res\":[1]}",
            "{\"a\":\"features\":[1]}", "{\"a\":{\"features\":[1]}}", "{\"a\":\"features", "{\"a\":\"\\",
            "{\"features\":[{\"a\":1}]}", "{\"features\":[1,2" })
    void whatIsNotFoundIsReadTheLongWay(String json) {
        assertThat(take(json)).isEmpty();
    }

    @Test
    void whatFollowsTheNumbersIsLeftAsItIs() {
        assertThat(take("{\"features\":[1]x"))
            .hasValueSatisfying((taken) -> assertThat(taken.rest()).hasToString("{\"features\":[]x"));
    }

    @Test
    void aLongRestIsReadTheLongWay() {
        assertThat(take("{\"features\": [1], \"a\": \"" + "x".repeat(70_000) + "\"}")).isEmpty();
    }

    @Test
    void whatIsLeftInTheBufferOfAnEarlierRequestIsNotRead() {
        RequestBuffer buffer = new RequestBuffer("{\"features\":[1,2,3]}".getBytes(StandardCharsets.UTF_8));

        assertThat(new JsonSlice(buffer, 14).takeNumbers("features")).isEmpty();
        assertThat(new JsonSlice(buffer, 5).takeNumbers("features")).isEmpty();
    }

    private static Optional<JsonSlice.NumbersAndRest> take(String json) {
        return new JsonSlice(json.getBytes(StandardCharsets.UTF_8)).takeNumbers("features");
    }

}
