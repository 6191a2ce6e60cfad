package io.modelserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The diagram of docs/architecture.md shows the packages as they are. */
class ArchitectureDiagramTest {

    private static final String ROOT = "io.modelserver.";

    private static final Pattern EDGE = Pattern.compile("^ *([\\w.]+) --> ([\\w.]+)$", Pattern.MULTILINE);

    /** The app wires all: its edges would hide the others. */
    private static final Set<String> WIRING = Set.of("app");

    @Test
    void everyUseOfAPackageByAnotherIsDrawnAndNothingElse() throws IOException {
        Set<String> drawn = EDGE.matcher(Files.readString(Path.of("docs", "architecture.md")))
            .results()
            .map((edge) -> edge.group(1) + " --> " + edge.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

        assertThat(drawn).isEqualTo(uses());
    }

    /**
     * Of rooms with packages in them, how those use each other; what wires them uses all.
     */
    private static Set<String> uses() {
        Set<String> uses = new TreeSet<>();
        for (JavaClass user : new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.modelserver")) {
            String from = name(user);
            user.getDirectDependenciesFromSelf().forEach((dependency) -> {
                String to = name(dependency.getTargetClass());
                if (from.isEmpty() || to.isEmpty() || from.equals(to) || WIRING.contains(from)) {
                    return;
                }
                if (!room(from).equals(room(to))) {
                    uses.add(room(from) + " --> " + room(to));
                }
                else if (!from.equals(room(from))) {
                    uses.add(from + " --> " + to);
                }
            });
        }
        return uses;
    }

    /** Each engine is a room of its own. */
    private static String room(String name) {
        int dot = name.indexOf('.');
        return (dot < 0 || name.startsWith("engine.")) ? name : name.substring(0, dot);
    }

    private static String name(JavaClass type) {
        String name = type.getPackageName() + ".";
        return name.startsWith(ROOT) ? name.substring(ROOT.length(), Math.max(ROOT.length(), name.length() - 1)) : "";
    }

}
