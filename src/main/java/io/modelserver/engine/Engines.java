package io.modelserver.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The engines of this server, in their precedence. Of a version with files for several,
 * the first is the reference that the others must agree with, and the one that is served
 * where nothing else decides.
 */
public final class Engines {

    /** The name of no engine: the fastest of those that agree is chosen. */
    private static final String AUTO = "auto";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");

    private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]+");

    private final List<Engine> inPrecedence;

    private final @Nullable Engine preferred;

    /**
     * Takes the list.
     * @param inPrecedence at least one engine, the reference first
     * @throws IllegalArgumentException if a name is unusable, or two have one in common
     */
    public Engines(List<Engine> inPrecedence) {
        this(List.copyOf(inPrecedence), null);
        Set<String> taken = new HashSet<>(Set.of(AUTO));
        for (Engine engine : inPrecedence) {
            if (!NAME.matcher(engine.name()).matches() || !FORMAT.matcher(engine.format()).matches()) {
                throw new IllegalArgumentException("'%s' (%s) is not the name of an engine and its format"
                    .formatted(engine.name(), engine.format()));
            }
            for (String name : List.of(engine.name(), word(engine), engine.fileName())) {
                if (!taken.add(name)) {
                    throw new IllegalArgumentException("two engines are called " + name);
                }
            }
        }
        if (taken.size() == 1) {
            throw new IllegalArgumentException("there is no engine");
        }
    }

    private Engines(List<Engine> inPrecedence, @Nullable Engine preferred) {
        this.inPrecedence = inPrecedence;
        this.preferred = preferred;
    }

    /**
     * Follows an operator's choice.
     * @param setting the name of an engine, or {@code auto}; case, dashes and underscores
     * do not matter
     * @return the same engines, of which that one runs every version that has a file for
     * it
     * @throws IllegalArgumentException if no engine has that name
     */
    public Engines preferring(String setting) {
        String name = setting.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (name.equals(AUTO)) {
            return new Engines(inPrecedence, null);
        }
        return new Engines(inPrecedence, inPrecedence.stream()
            .filter((engine) -> engine.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("modelserver.inference.engine must be one of %s, not '%s'"
                .formatted(Stream.concat(Stream.of(AUTO), inPrecedence.stream().map(Engine::name))
                    .collect(Collectors.joining(", ")), setting))));
    }

    /**
     * {@return all of them, in their precedence}
     */
    public List<Engine> inPrecedence() {
        return inPrecedence;
    }

    /**
     * {@return the engine that the operator prefers, empty for the fastest}
     */
    public Optional<Engine> preferred() {
        return Optional.ofNullable(preferred);
    }

    /**
     * {@return the names of the files that are looked for, in their precedence}
     */
    public List<String> fileNames() {
        return inPrecedence.stream().map(Engine::fileName).toList();
    }

    /**
     * {@return what stands for an engine in files that the server keeps, e.g.
     * {@code TORCHSCRIPT}}
     * @param engine one of the list
     */
    public static String word(Engine engine) {
        return engine.format().toUpperCase(Locale.ROOT);
    }

}
