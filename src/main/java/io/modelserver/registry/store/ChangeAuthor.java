package io.modelserver.registry.store;

import org.jspecify.annotations.Nullable;

/**
 * Who changes a stage, and why.
 *
 * @param who the name of a key, {@code local} for a call from this host without one, or
 * {@code registry} for what the server found or did by itself
 * @param why what was given as the reason, or null
 */
public record ChangeAuthor(String who, @Nullable String why) {

    /**
     * {@return the author of what the server found or did by itself}
     * @param why the reason, as a sentence
     */
    public static ChangeAuthor registry(String why) {
        return new ChangeAuthor("registry", why);
    }

}
