package io.modelserver.window;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class WindowFileTest {

    private static final long NOW = 1_763_148_435_000L;

    private static final long MAX_GAP = 60_000;

    private final WindowSchema schema = new WindowSchema(3, 2, "names");

    @TempDir
    Path temp;

    @Test
    void windowsComeBackAsTheyWere() throws Exception {
        WindowStore before = store();
        for (int i = 1; i <= 5; i++) {
            add(before, "BTC/USDT", i, OptionalLong.of(NOW + i));
        }
        add(before, "ETH", 1, OptionalLong.empty());
        file().write(before);

        WindowStore after = store();
        file().read(after, NOW + 1000);

        assertThat(add(after, "BTC/USDT", 4, OptionalLong.of(NOW + 4))).isInstanceOf(WindowResult.Stale.class);
        assertThat(add(after, "BTC/USDT", 6, OptionalLong.of(NOW + 6))).isInstanceOfSatisfying(WindowResult.Ready.class,
                (ready) -> assertThat(ready.window().values()).containsExactly(4, -4, 5, -5, 6, -6));
        assertThat(add(after, "ETH", 2, OptionalLong.empty())).isEqualTo(new WindowResult.Filling(2, 3));
    }

    @Test
    void windowsThatAreOlderThanTheLongestGapAreForgotten() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before);

        WindowStore after = store();
        file().read(after, NOW + MAX_GAP + 1);

        assertThat(after.size()).isZero();
    }

    @Test
    void aFileWithAnyByteChangedIsIgnored() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before);
        byte[] whole = Files.readAllBytes(temp.resolve("windows"));

        for (int i = 0; i < whole.length; i++) {
            byte[] broken = whole.clone();
            broken[i] ^= 0x10;
            Files.write(temp.resolve("windows"), broken);
            WindowStore after = store();
            file().read(after, NOW);
            assertThat(after.size()).as("byte %d", i).isZero();
        }
    }

    @Test
    void aFileThatEndsEarlyOrGoesOnIsIgnored() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before);
        byte[] whole = Files.readAllBytes(temp.resolve("windows"));

        for (int length = 0; length < whole.length + 2; length++) {
            Files.write(temp.resolve("windows"), java.util.Arrays.copyOf(whole, length));
            WindowStore after = store();
            file().read(after, NOW);
            assertThat(after.size()).as("length %d", length).isEqualTo((length == whole.length) ? 1 : 0);
        }
    }

    @Test
    void twoServersDoNotShareAFile() throws Exception {
        WindowFile first = file();
        WindowFile second = file();

        assertThat(first.acquire()).isTrue();
        assertThat(second.acquire()).isFalse();
        first.close();
        assertThat(second.acquire()).isTrue();
        second.close();
    }

    @Test
    void withoutAFileThereAreNoWindows() {
        WindowStore after = store();

        file().read(after, NOW);

        assertThat(after.size()).isZero();
    }

    private WindowFile file() {
        return new WindowFile(temp.resolve("windows"));
    }

    private WindowResult add(WindowStore store, String symbol, int value, OptionalLong timestamp) {
        return store.add(symbol, schema, new Step(new float[] { value, -value }, timestamp), NOW);
    }

    private static WindowStore store() {
        return new WindowStore(new WindowSettings(10, 600_000, MAX_GAP, WindowSettings.Fill.WAIT),
                new WindowListener() {

                    @Override
                    public void windowReset() {
                    }

                    @Override
                    public void staleStep() {
                    }

                });
    }

}
