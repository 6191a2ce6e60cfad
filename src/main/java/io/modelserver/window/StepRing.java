package io.modelserver.window;

import java.util.Arrays;

import io.modelserver.model.Tensor;

/**
 * The numbers of the last steps of one series, written in place. Not safe for use by
 * several threads.
 */
final class StepRing {

    private final int steps;

    private final int width;

    private final float[] ring;

    /** Where the next step goes. */
    private int next;

    StepRing(int steps, int width) {
        this.steps = steps;
        this.width = width;
        this.ring = new float[Math.multiplyExact(steps, width)];
    }

    void add(float[] values) {
        write(values, next);
        next = (next + 1) % steps;
    }

    void replaceLast(float[] values) {
        write(values, Math.floorMod(next - 1, steps));
    }

    private void write(float[] values, int slot) {
        System.arraycopy(values, 0, ring, slot * width, width);
    }

    boolean holds(float[] values) {
        for (int slot = 0; slot < steps; slot++) {
            int at = slot * width;
            if (Arrays.equals(ring, at, at + width, values, 0, width)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Copies the window.
     * @param have how many of the last steps are there, at least one
     * @return shape {@code [T, F]} in the order of time; steps that are missing are the
     * first one, repeated
     */
    Tensor window(int have) {
        float[] window = new float[ring.length];
        int missing = (steps - have) * width;
        copy(have, window, missing);
        for (int at = 0; at < missing; at += width) {
            System.arraycopy(window, missing, window, at, width);
        }
        return new Tensor(new int[] { steps, width }, window);
    }

    /**
     * {@return the last steps in the order of time}
     * @param have how many
     */
    float[] last(int have) {
        float[] last = new float[have * width];
        copy(have, last, 0);
        return last;
    }

    private void copy(int have, float[] target, int at) {
        int oldest = Math.floorMod(next - have, steps) * width;
        int length = have * width;
        int untilEnd = Math.min(length, ring.length - oldest);
        System.arraycopy(ring, oldest, target, at, untilEnd);
        System.arraycopy(ring, 0, target, at + untilEnd, length - untilEnd);
    }

    /**
     * Restores what was written.
     * @param values at most as many steps as the ring holds
     * @return how many there are
     */
    int restore(float[] values) {
        System.arraycopy(values, 0, ring, 0, values.length);
        next = values.length / width % steps;
        return values.length / width;
    }

}
