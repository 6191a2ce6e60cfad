package io.modelserver.djl;

/** What engines say when they fail. */
final class EngineMessages {

    private EngineMessages() {
    }

    /**
     * {@return what went wrong; libtorch says it last, after the program's own stack}
     */
    static String reason(Throwable ex) {
        return String.valueOf(ex.getMessage())
            .lines()
            .map(String::strip)
            .filter((line) -> !line.isEmpty())
            .reduce((first, second) -> second)
            .orElse(ex.getClass().getSimpleName());
    }

}
