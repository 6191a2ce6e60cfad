package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Models that look at three order books of two levels: {@code books} at nothing else,
 * {@code both} at three steps of two features too.
 */
class BooksIT {

    private static final Path FILES = Path.of("src", "test", "resources", "onnx");

    private static final String BOOK = "{\"name\": \"raw_lob\", \"shape\": [3, 2, 4]}";

    private static final String FEATURES = "{\"name\": \"features\", \"shape\": [3, 2]}";

    private static PackagedServer server;

    private static Client bot;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            write(models, "books", "books.onnx", BOOK);
            write(models, "both", "books-and-features.onnx", FEATURES + ", " + BOOK);
        }, "--modelserver.default-model=books", "--modelserver.batching.max-batch-size=2");
        bot = server.client();
    }

    private static void write(Path models, String model, String file, String inputs) throws IOException {
        Path version = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(FILES.resolve(file), version.resolve("model.onnx"));
        Files.writeString(version.resolve("metadata.json"), "{\"inputs\": [%s]}".formatted(inputs));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void booksThatComeOneByOneAreAnsweredAsAllOfThemAtOnce() {
        assertThat(bot.predict(book("A", 1, "")).json().at("/have").asInt()).isEqualTo(1);
        assertThat(bot.predict(book("A", 2, ""))).isProblem(409, "WINDOW_FILLING").tells("'A' has 2 of the 3 steps");
        Answer third = bot.predict(book("A", 3, ""));

        assertThat(third).hasStatus(200);
        assertThat(third.json().at("/window_filled").asDouble()).isEqualTo(1);
        assertThat(third.prediction()).contains("direction")
            .isEqualTo(bot.predict("{\"symbol\":\"X\",\"raw_lob\":[%s,%s,%s]}".formatted(row(1), row(2), row(3)))
                .prediction())
            .isEqualTo(bot.predict("{\"symbol\":\"X\",\"raw_lob\":[%s,%s,%s]}".formatted(sides(1), sides(2), sides(3)))
                .prediction());
    }

    @Test
    void theWindowSurvivesARestart() {
        bot.predict(book("KEPT", 1, ""));
        bot.predict(book("KEPT", 2, ""));

        server = server.restarted("--modelserver.default-model=books", "--modelserver.batching.max-batch-size=2");
        bot = server.client();

        assertThat(bot.predict(book("KEPT", 3, ""))).hasStatus(200);
    }

    @Test
    void twoInputsAdvanceTogether() {
        for (int i = 1; i < 3; i++) {
            assertThat(bot.predict(both("B", i)).json().at("/have").asInt()).isEqualTo(i);
        }
        Answer third = bot.predict(both("B", 3));

        assertThat(third.prediction()).contains("direction")
            .isEqualTo(bot
                .predict("{\"symbol\":\"X\",\"model_name\":\"both\",\"features\":[1,2,2,2,3,2],\"raw_lob\":[%s,%s,%s]}"
                    .formatted(row(1), row(2), row(3)))
                .prediction());
        assertThat(bot.predict(both("B", 2))).isProblem(409, "STALE_STEP");
        assertThat(bot.predict(both("B", 4).replace("\"raw_lob\"", "\"other\""))).isProblem(422, "INVALID_FEATURES")
            .tells("needs raw_lob of the shape [3, 2, 4]");
        assertThat(windows("B")).isEqualTo("features 3/3, raw_lob 3/3");
    }

    @Test
    void aHistoryFillsTheWindowAndDeletingEmptiesIt() {
        Answer filled = bot.send(bot.request("/api/ml/windows/PUT")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"raw_lob\":[%s,%s]}".formatted(sides(1), sides(2)))));
        assertThat(filled).hasStatus(200);
        assertThat(filled.json().at("/input").asString()).isEqualTo("raw_lob");

        assertThat(bot.predict(book("PUT", 3, ""))).hasStatus(200);
        assertThat(bot.send(bot.request("/api/ml/windows/PUT").DELETE())).hasStatus(204);
        assertThat(windows("PUT")).isEmpty();
    }

    @Test
    void aBookThatCantBeUsedIsToldWhy() {
        assertThat(bot.predict("{\"symbol\":\"A\",\"raw_lob\":[[[100,1],[101,1]],[[103,1],[104,1]]]}"))
            .isProblem(422, "INVALID_FEATURES")
            .tells("level 1 of the bids has the price 104.0, after 103.0", "[asks, bids]");
        assertThat(bot.predict("{\"symbol\":\"A\",\"features\":[1]}")).isProblem(422, "INVALID_FEATURES")
            .tells("needs raw_lob");
        assertThat(bot.predict("{\"symbol\":\"A\"}")).isProblem(422, "INVALID_REQUEST").namesField("features");
        assertThat(bot.predict(both("C", 1).replace("\"features\"", "\"other\""))).isProblem(422, "INVALID_FEATURES")
            .namesField("features");
    }

    private static String book(String symbol, int number, String more) {
        return "{\"symbol\":\"%s\",\"timestamp\":%d,\"raw_lob\":%s%s}".formatted(symbol, time(number), sides(number),
                more);
    }

    private static String both(String symbol, int number) {
        return book(symbol, number, ",\"model_name\":\"both\",\"features\":[%d,2]".formatted(number));
    }

    private static String sides(int number) {
        return "[[[%d,1],[%d,2],[999,3]],[[%d,4]]]".formatted(number + 20, number + 30, number + 10);
    }

    private static String row(int number) {
        return "[[%d,4,%d,1],[0,0,%d,2]]".formatted(number + 10, number + 20, number + 30);
    }

    private static long time(int number) {
        return 1_763_148_600_000L + number * 60_000L;
    }

    private static String windows(String symbol) {
        return String.join(", ",
                bot.get("/api/ml/windows")
                    .json()
                    .valueStream()
                    .filter((window) -> window.at("/symbol").asString().equals(symbol))
                    .map((window) -> "%s %s/%s".formatted(window.at("/input").asString(), window.at("/have").asInt(),
                            window.at("/need").asInt()))
                    .toList());
    }

}
