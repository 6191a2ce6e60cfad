package io.modelserver.registry.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.modelserver.engine.ModelLoadException;

/**
 * What a process that tried a version says in its last lines: one for each file that it
 * ran, or one with the reason why the version is refused. Models may print, so each line
 * begins with a word of its own.
 */
final class TrialOutcome {

    private static final String TRIED = "modelserver-trial-tried ";

    private static final String REFUSED = "modelserver-trial-refused ";

    private TrialOutcome() {
    }

    static List<String> tried(Map<String, String> digests) {
        return digests.entrySet().stream().map((file) -> TRIED + file.getKey() + " " + file.getValue()).toList();
    }

    static String refused(String reason) {
        return REFUSED + reason.replaceAll("\\R", " ");
    }

    static Map<String, String> read(List<String> lines) throws ModelLoadException {
        Map<String, String> tried = new HashMap<>();
        for (String line : lines) {
            if (line.startsWith(REFUSED)) {
                throw new ModelLoadException(line.substring(REFUSED.length()));
            }
            if (line.startsWith(TRIED)) {
                int digest = line.lastIndexOf(' ');
                tried.put(line.substring(TRIED.length(), digest), line.substring(digest + 1));
            }
        }
        if (tried.isEmpty()) {
            throw new ModelLoadException("the process that tried it ended without a result");
        }
        return tried;
    }

}
