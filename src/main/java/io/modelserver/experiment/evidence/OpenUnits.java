package io.modelserver.experiment.evidence;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.modelserver.experiment.statistics.Figure;
import org.jspecify.annotations.Nullable;

/**
 * The units of one variant whose signals are still being added up. Where units come back,
 * each is kept until the end of the observations; if there are too many, a part is
 * deferred, by hash, until the observations are read once more. So memory is bounded
 * however many units there are, and time grows with them.
 */
final class OpenUnits {

    private static final int PARTITIONS = 4_096;

    private final boolean comeBack;

    private final int most;

    private final Map<String, Unit> units = new HashMap<>();

    private @Nullable Unit current;

    private int first;

    private int end = PARTITIONS;

    /**
     * Creates an empty set.
     * @param comeBack whether observations of a unit come in any order; if not, they come
     * one after another
     * @param most how many units to keep at a time
     */
    OpenUnits(boolean comeBack, int most) {
        this.comeBack = comeBack;
        this.most = most;
    }

    /**
     * Finds the unit of an observation.
     * @param name the unit
     * @param closed receives the previous unit, once it has no more observations
     * @return the unit, or null if it is deferred
     */
    @Nullable Unit open(String name, Consumer<Unit> closed) {
        Unit last = current;
        if (last != null && last.name.equals(name)) {
            return last;
        }
        if (!comeBack) {
            closeAll(closed);
            current = new Unit(name);
            return current;
        }
        current = null;
        if (isPutOff(name)) {
            return null;
        }
        current = units.computeIfAbsent(name, Unit::new);
        if (units.size() > most && end - first > 1) {
            end = first + (end - first) / 2;
            units.keySet().removeIf(this::isPutOff);
            current = units.get(name);
        }
        return current;
    }

    /**
     * {@return whether units have more than one signal}
     */
    boolean comeBack() {
        return comeBack;
    }

    private boolean isPutOff(String name) {
        int hash = name.hashCode() * 0x9E3779B9;
        int partition = hash >>> 20;
        return partition < first || partition >= end;
    }

    void forEach(Consumer<Unit> action) {
        if (comeBack) {
            units.values().forEach(action);
        }
        else if (current != null) {
            action.accept(current);
        }
    }

    long count() {
        return comeBack ? units.size() : (current != null) ? 1 : 0;
    }

    /**
     * The observations have all been gone through.
     * @param closed gets every unit
     * @return whether units were put off, and they must be gone through again
     */
    boolean endPass(Consumer<Unit> closed) {
        closeAll(closed);
        int width = end - first;
        first = end;
        end = Math.min(PARTITIONS, end + width);
        return first < PARTITIONS;
    }

    private void closeAll(Consumer<Unit> closed) {
        forEach(closed);
        units.clear();
        current = null;
    }

    /**
     * What is known of one unit, and what it did in the present bin of time, its cell.
     */
    static final class Unit {

        private final String name;

        private final double[] sums = new double[Figure.COUNT];

        private final double[] cellSums = new double[Figure.COUNT];

        private long answered;

        private long signals;

        private long cell;

        private long cellSignals;

        Unit(String name) {
            this.name = name;
        }

        void answer() {
            answered++;
        }

        void add(Scores scores) {
            signals++;
            add(sums, scores);
        }

        /** In the bin of {@link #openCell}. */
        void addToCell(Scores scores) {
            cellSignals++;
            add(cellSums, scores);
        }

        private static void add(double[] sums, Scores scores) {
            sums[Figure.NET.place()] += scores.net();
            sums[Figure.GROSS.place()] += scores.gross();
            sums[Figure.HIT.place()] += scores.hit();
        }

        /** Time has come to the given bin, in most cases long since. */
        void openCell(long bin, Consumer<Unit> closed) {
            if (bin != cell) {
                closeCell(closed);
                cell = bin;
            }
        }

        void closeCell(Consumer<Unit> closed) {
            if (cellSignals > 0) {
                closed.accept(this);
                cellSignals = 0;
                Arrays.fill(cellSums, 0);
            }
        }

        long answered() {
            return answered;
        }

        long signals() {
            return signals;
        }

        /** Of the figure of that place. */
        double sum(int figure) {
            return sums[figure];
        }

        long cellSignals() {
            return cellSignals;
        }

        double cellSum(int figure) {
            return cellSums[figure];
        }

    }

}
