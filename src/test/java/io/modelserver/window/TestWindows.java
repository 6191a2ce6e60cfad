package io.modelserver.window;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A store whose two clocks are set by the test, and what it has reported. */
final class TestWindows implements WindowListener {

    static final long NOW = 1_763_148_435_000L;

    static final long SECOND = 1000;

    static final long MINUTE = 60 * SECOND;

    static final long HOUR = 60 * MINUTE;

    static final long DAY = 24 * HOUR;

    static final WindowSettings DEFAULTS = new WindowSettings(WindowSettings.UNLIMITED, 64 << 20, HOUR,
            WindowSettings.NO_MAX_GAP, 10, 30 * SECOND, WindowSettings.Fill.WAIT);

    final WindowStore store;

    long wallMillis = NOW;

    long monotonicMillis = 77;

    int resets;

    int staleSteps;

    int conflictingSteps;

    int refused;

    private final WindowSchema schema;

    TestWindows(int steps, WindowSettings settings) {
        this.schema = new WindowSchema(steps, 2, "names");
        this.store = new WindowStore(settings, this);
    }

    static TestWindows of(int steps) {
        return new TestWindows(steps, DEFAULTS);
    }

    static WindowSettings restartingAfter(int maxMissing, long maxGapMillis) {
        return new WindowSettings(WindowSettings.UNLIMITED, 64 << 20, HOUR, maxGapMillis, maxMissing, 30 * SECOND,
                WindowSettings.Fill.WAIT);
    }

    static WindowSettings bounded(int maxWindows, long maxMemory) {
        return new WindowSettings(maxWindows, maxMemory, HOUR, WindowSettings.NO_MAX_GAP, 10, 30 * SECOND,
                WindowSettings.Fill.WAIT);
    }

    SeriesKey key(String symbol, @Nullable String timeframe) {
        return new SeriesKey(symbol, timeframe, null, schema);
    }

    Now now() {
        return new Now(wallMillis, monotonicMillis);
    }

    /** Time goes by, on both clocks. */
    TestWindows after(long millis) {
        wallMillis += millis;
        monotonicMillis += millis;
        return this;
    }

    /** The host's clock is put right. */
    void setClock(long byMillis) {
        wallMillis += byMillis;
    }

    WindowResult add(SeriesKey key, double value, OptionalLong timestamp) {
        return store.add(key, step(value, timestamp), now());
    }

    /** A step that is dated by the present. */
    WindowResult tick(double value) {
        return at(value, wallMillis);
    }

    WindowResult at(double value, long timestamp) {
        return add(key("BTC", null), value, OptionalLong.of(timestamp));
    }

    WindowResult untimed(double value) {
        return add(key("BTC", null), value, OptionalLong.empty());
    }

    /** As many steps at a distance; the present is that of the last. */
    WindowResult ticks(int count, long period) {
        WindowResult result = tick(0);
        for (int i = 1; i < count; i++) {
            result = after(period).tick(i);
        }
        return result;
    }

    static Step step(double value, OptionalLong timestamp) {
        return new Step(new float[] { (float) value, (float) -value }, timestamp);
    }

    static List<Step> history(int count, long first, long period) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step(i, OptionalLong.of(first + i * period)));
        }
        return steps;
    }

    static WindowResult.Ready ready(WindowResult result) {
        assertThat(result).isInstanceOf(WindowResult.Ready.class);
        return (WindowResult.Ready) result;
    }

    static float[] window(WindowResult result) {
        return ready(result).window().values();
    }

    static int have(WindowResult result) {
        assertThat(result).isInstanceOf(WindowResult.Filling.class);
        return ((WindowResult.Filling) result).have();
    }

    @Override
    public void windowReset() {
        resets++;
    }

    @Override
    public void staleStep() {
        staleSteps++;
    }

    @Override
    public void conflictingStep() {
        conflictingSteps++;
    }

    @Override
    public void windowRefused() {
        refused++;
    }

}
