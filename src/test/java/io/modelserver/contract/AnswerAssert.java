package io.modelserver.contract;

import java.util.List;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import tools.jackson.databind.JsonNode;

/** What the contract says of answers. */
final class AnswerAssert extends AbstractAssert<AnswerAssert, Answer> {

    private static final List<String> PROBLEM_FIELDS = List.of("type", "title", "status", "detail", "instance", "code",
            "errors", "have", "need", "request_id");

    AnswerAssert(Answer answer) {
        super(answer, AnswerAssert.class);
    }

    AnswerAssert hasStatus(int status) {
        Assertions.assertThat(actual.status()).as(actual.body()).isEqualTo(status);
        return this;
    }

    /** A problem of the application, which knows what was called. */
    AnswerAssert isProblem(int status, String code) {
        isBareProblem(status);
        Assertions.assertThat(actual.json().at("/code").asString()).as(actual.body()).isEqualTo(code);
        Assertions.assertThat(actual.json().at("/request_id").asString(""))
            .as(actual.body())
            .isNotEmpty()
            .isEqualTo(actual.header("X-Request-Id"));
        Assertions.assertThat(actual.json().at("/instance").asString(""))
            .as(actual.body())
            .isEqualTo(actual.uri().getRawPath());
        return this;
    }

    /** A problem that may come from before the application, where nothing is known. */
    AnswerAssert isBareProblem(Integer... statuses) {
        Assertions.assertThat(actual.status()).as(actual.body()).isIn((Object[]) statuses);
        Assertions.assertThat(actual.header("Content-Type")).as(actual.body()).startsWith("application/problem+json");
        JsonNode problem = actual.json();
        Assertions.assertThat(problem.propertyNames())
            .contains("type", "title", "status", "detail", "code")
            .isSubsetOf(PROBLEM_FIELDS);
        Assertions.assertThat(problem.at("/status").asInt()).isEqualTo(actual.status());
        Assertions.assertThat(problem.at("/title").asString()).isNotBlank();
        Assertions.assertThat(problem.at("/detail").asString()).isNotBlank();
        problem.path("errors")
            .forEach((error) -> Assertions.assertThat(error.propertyNames()).containsExactly("field", "message"));
        Assertions.assertThat(actual.body())
            .doesNotContainIgnoringCase("<html", "<!doctype", "exception", ".java:", "\\tat ", "/tmp/", "org.apache",
                    "tools.jackson", System.getProperty("user.dir"));
        return this;
    }

    AnswerAssert tells(String... words) {
        Assertions.assertThat(actual.json().at("/detail").asString()).contains(words);
        return this;
    }

    AnswerAssert namesField(String field) {
        Assertions.assertThat(actual.json().at("/errors").valueStream().map((error) -> error.at("/field").asString()))
            .as(actual.body())
            .contains(field);
        return this;
    }

}
