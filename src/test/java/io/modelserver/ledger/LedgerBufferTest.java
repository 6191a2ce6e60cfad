package io.modelserver.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.model.ModelId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LedgerBufferTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final LedgerBuffer buffer = new LedgerBuffer(5, 3);

    @Test
    void entriesComeOutInTheirOrderAndAsManyAsAreWrittenAtATime() {
        List<LedgerEntry> entries = List.of(entry(1), entry(2), entry(3), entry(4));
        entries.forEach(buffer::add);

        assertThat(buffer.take(Duration.ZERO)).isEqualTo(entries.subList(0, 3));
        assertThat(buffer.take(Duration.ZERO)).isEqualTo(entries.subList(3, 4));
    }

    @Test
    void whatFindsNoPlaceIsDroppedAndCounted() {
        for (int i = 0; i < 7; i++) {
            buffer.add(entry(i));
        }

        assertThat(buffer.size()).isEqualTo(5);
        assertThat(buffer.dropped()).isEqualTo(2);
    }

    @Test
    void whoWaitsForEntriesToBeWrittenIsNotHeldUpByTheirGathering() {
        buffer.add(entry(1));
        CompletableFuture<Boolean> written = CompletableFuture.supplyAsync(() -> buffer.awaitWritten(LONG));

        buffer.done(buffer.take(LONG).size());

        assertThat(written.join()).isTrue();
    }

    @Test
    void whatIsNotWrittenInTimeIsSaidToBeSo() {
        assertThat(buffer.awaitWritten(Duration.ZERO)).isTrue();
        buffer.add(entry(1));

        assertThat(buffer.awaitWritten(Duration.ZERO)).isFalse();
    }

    @Test
    void whatIsThereWhenItIsClosedStillComesOut() {
        buffer.add(entry(1));

        buffer.close();
        buffer.add(entry(2));

        assertThat(buffer.take(LONG)).hasSize(1);
        assertThat(buffer.take(LONG)).isEmpty();
        assertThat(buffer.dropped()).isEqualTo(1);
    }

    private static LedgerEntry entry(int number) {
        return new LedgerEntry.Stage(Instant.ofEpochSecond(number), new ModelId("m", "1"), "PROMOTE", "NONE",
                "PRODUCTION", "local", null);
    }

}
