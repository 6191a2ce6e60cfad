package io.modelserver.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a model is for, which decides what is made of its outputs. */
public enum Task {

    /** One score per class, of which each stands for a direction. */
    DIRECTION,

    /** One or several numbers, such as an expected return. */
    REGRESSION,

    /** Outputs that are passed on by their names and mean nothing to the server. */
    RAW;

    /**
     * {@return the name in {@code metadata.json}, e.g. {@code direction}}
     */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a task.
     * @param name in any letter case, e.g. {@code direction}
     * @return the task, empty if none has that name
     */
    public static Optional<Task> of(String name) {
        String lowerCase = name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values()).filter((task) -> task.key().equals(lowerCase)).findFirst();
    }

}
