package io.modelserver.registry.store;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which folder names can be models and versions: nothing that a path could be built from
 * is accepted.
 */
public final class Names {

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private static final int LONGEST_SHOWN = 128;

    private static final Pattern NOT_SHOWN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    private static final Set<String> RESERVED = Set.of("production", "staging", "latest");

    private Names() {
    }

    static boolean isModel(String name) {
        return ALLOWED.matcher(name).matches();
    }

    static boolean isVersion(String version) {
        return ALLOWED.matcher(version).matches() && !RESERVED.contains(version);
    }

    /**
     * Explains why a folder is not a version.
     * @param folder a name for which {@link #isVersion} is false
     * @return a sentence on what to do about it
     */
    public static String problem(String folder) {
        if (RESERVED.contains(folder)) {
            return "'%s' can't be the name of a version, since requests ask for a stage by it: rename the folder"
                .formatted(folder);
        }
        return problem(folder, "a version");
    }

    /**
     * {@return that the folder can't be a model or version by its name, and what to do
     * about it}
     */
    static String problem(String folder, String what) {
        return ("'%s' can't be the name of %s: rename the folder; a name begins with an ASCII letter or digit, "
                + "followed by up to 127 letters, digits, dots, hyphens or underscores")
            .formatted(shown(folder), what);
    }

    /**
     * {@return whether tools or file systems make such folders, which nobody took for
     * models}
     */
    static boolean isForTools(String folder) {
        return folder.startsWith(".") || folder.startsWith("__") || folder.equals("lost+found");
    }

    /**
     * {@return a name from the disk as it may stand in an answer or the log}
     * @param name of a folder or file
     */
    public static String shown(String name) {
        String visible = NOT_SHOWN.matcher(name).replaceAll("?");
        return (visible.codePointCount(0, visible.length()) <= LONGEST_SHOWN) ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, LONGEST_SHOWN)) + "…";
    }

}
