package io.modelserver.experiment.statistics;

/** A figure that every signal is scored by. */
public enum Figure {

    /** The signed return after costs, which decides. */
    NET(0),

    /** The signed return before costs. */
    GROSS(1),

    /** 1 if the direction came true, else 0. */
    HIT(2);

    /** How many there are. */
    public static final int COUNT = 3;

    private final int place;

    Figure(int place) {
        this.place = place;
    }

    /**
     * {@return its place where all are kept in an array}
     */
    public int place() {
        return place;
    }

}
