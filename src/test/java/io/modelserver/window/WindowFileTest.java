package io.modelserver.window;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class WindowFileTest {

    private static final long NOW = 1_763_148_435_000L;

    private static final long MINIMUM_IDLE = 60_000;

    private static final long HOUR = 3_600_000;

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
        file().write(before, now(0));

        WindowStore after = store();
        file().read(after, now(1000));

        assertThat(add(after, "BTC/USDT", 4, OptionalLong.of(NOW + 4))).isInstanceOf(WindowResult.Stale.class);
        assertThat(add(after, "BTC/USDT", 6, OptionalLong.of(NOW + 6))).isInstanceOfSatisfying(WindowResult.Ready.class,
                (ready) -> assertThat(ready.window().values()).containsExactly(4, -4, 5, -5, 6, -6));
        assertThat(add(after, "ETH", 2, OptionalLong.empty())).isEqualTo(new WindowResult.Filling(2, 3, null));
    }

    @Test
    void windowsOfOrderBooksComeBackBesideThoseOfFeatures() throws Exception {
        SeriesKey books = new SeriesKey("BTC", null, null, new WindowSchema(2, 4, "raw_lob bid_price,bid_qty"));
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.of(NOW));
        before.add(books, new Step(new float[] { 1, 2, 3, 4 }, OptionalLong.of(NOW)), now(0));
        file().write(before, now(0));

        WindowStore after = store();
        file().read(after, now(1000));

        assertThat(after.list(now(0))).extracting(WindowStatus::input).containsExactly("raw_lob", "features");
        assertThat(after.add(books, new Step(new float[] { 5, 6, 7, 8 }, OptionalLong.of(NOW + 1)), now(0)))
            .isInstanceOfSatisfying(WindowResult.Ready.class,
                    (ready) -> assertThat(ready.window().values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8));
    }

    @Test
    void theSeriesAndItsPeriodComeBack() throws Exception {
        SeriesKey hourly = new SeriesKey("\u5e01\u5b89\u4eba\u751fUSDT", "1h", "scaled", schema);
        WindowStore before = store();
        for (long i = 0; i < 5; i++) {
            before.add(key("BTC"), step((int) i, OptionalLong.of(NOW + i * 1000)), now(0));
            before.add(hourly, step((int) i, OptionalLong.of(NOW + i * HOUR)), now(i * HOUR));
        }
        file().write(before, now(4 * HOUR));

        WindowStore after = store();
        file().read(after, new Now(NOW + 4 * HOUR + 60_000, 5));

        assertThat(after.list(now(0))).extracting(WindowStatus::symbol).containsExactly("\u5e01\u5b89\u4eba\u751fUSDT");
        WindowStatus back = after.list(new Now(NOW, 5)).getFirst();
        assertThat(back).extracting(WindowStatus::timeframe, WindowStatus::windowKey, WindowStatus::period)
            .containsExactly("1h", "scaled", 3600.0);
        assertThat(back.age()).isEqualTo(60);
    }

    @Test
    void windowsWhoseNextStepWouldRestartThemAreForgotten() throws Exception {
        WindowStore before = store();
        for (long i = 0; i < 5; i++) {
            before.add(key("BTC"), step((int) i, OptionalLong.of(NOW + i * 1000)), now(0));
            before.add(key("ETH"), step((int) i, OptionalLong.of(NOW + i * 60_000)), now(0));
        }
        before.add(key("DAILY"), step(1, OptionalLong.of(NOW)), now(0));
        file().write(before, now(0));

        WindowStore after = store();
        file().read(after, now(MINIMUM_IDLE + 1));

        assertThat(after.list(now(0))).extracting(WindowStatus::symbol).containsExactly("DAILY", "ETH");
    }

    @Test
    void afterTheClockWasSetBackAWindowIsAsOldAsItCanBe() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before, now(0));

        WindowStore after = store();
        file().read(after, new Now(NOW - HOUR, 9));

        assertThat(after.list(new Now(NOW - HOUR, 9)).getFirst().age()).isZero();
    }

    /** Written by the server of 24 November. */
    @Test
    void aFileOfTheVersionBeforeIsRead() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CheckedOutputStream checked = new CheckedOutputStream(bytes, new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeInt(0x4d535744);
        out.writeInt(1);
        out.writeInt(1);
        out.writeUTF("BTC/USDT");
        out.writeInt(3);
        out.writeInt(2);
        out.writeUTF("names");
        out.writeLong(NOW);
        out.writeBoolean(true);
        out.writeLong(NOW - 5);
        out.writeInt(4);
        for (float value : new float[] { 1, -1, 2, -2 }) {
            out.writeFloat(value);
        }
        out.writeLong(checked.getChecksum().getValue());
        Files.write(temp.resolve("windows"), bytes.toByteArray());

        WindowStore after = store();
        file().read(after, now(1000));
        assertThat(after.add(key("BTC/USDT"), step(3, OptionalLong.of(NOW)), now(1000))).isInstanceOfSatisfying(
                WindowResult.Ready.class,
                (ready) -> assertThat(ready.window().values()).containsExactly(1, -1, 2, -2, 3, -3));

        WindowStore late = store();
        file().read(late, now(6 * 60_000));
        assertThat(late.size()).isZero();
    }

    @Test
    void windowsThatDoNotFitAreLeftOut() throws Exception {
        WindowStore before = store();
        for (int i = 0; i < 10; i++) {
            add(before, "S" + i, 1, OptionalLong.empty());
        }
        file().write(before, now(0));

        TestWindows after = new TestWindows(3, TestWindows.bounded(4, 1 << 20));
        file().read(after.store, now(0));

        assertThat(after.store.size()).isEqualTo(4);
    }

    @Test
    void aFileWithAnyByteChangedIsIgnored() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before, now(0));
        byte[] whole = Files.readAllBytes(temp.resolve("windows"));

        for (int i = 0; i < whole.length; i++) {
            byte[] broken = whole.clone();
            broken[i] ^= 0x10;
            Files.write(temp.resolve("windows"), broken);
            WindowStore after = store();
            file().read(after, now(0));
            assertThat(after.size()).as("byte %d", i).isZero();
        }
    }

    @Test
    void aFileThatEndsEarlyOrGoesOnIsIgnored() throws Exception {
        WindowStore before = store();
        add(before, "BTC", 1, OptionalLong.empty());
        file().write(before, now(0));
        byte[] whole = Files.readAllBytes(temp.resolve("windows"));

        for (int length = 0; length < whole.length + 2; length++) {
            Files.write(temp.resolve("windows"), java.util.Arrays.copyOf(whole, length));
            WindowStore after = store();
            file().read(after, now(0));
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

        file().read(after, now(0));

        assertThat(after.size()).isZero();
    }

    private WindowFile file() {
        return new WindowFile(temp.resolve("windows"));
    }

    private WindowResult add(WindowStore store, String symbol, int value, OptionalLong timestamp) {
        return store.add(key(symbol), step(value, timestamp), now(0));
    }

    private SeriesKey key(String symbol) {
        return new SeriesKey(symbol, null, null, schema);
    }

    private static Step step(int value, OptionalLong timestamp) {
        return new Step(new float[] { value, -value }, timestamp);
    }

    private static Now now(long millis) {
        return new Now(NOW + millis, millis);
    }

    private static WindowStore store() {
        return new TestWindows(3, new WindowSettings(WindowSettings.UNLIMITED, 1 << 20, MINIMUM_IDLE,
                WindowSettings.NO_MAX_GAP, 10, 5 * HOUR, WindowSettings.Fill.WAIT)).store;
    }

}
