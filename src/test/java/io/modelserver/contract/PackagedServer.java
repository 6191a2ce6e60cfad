package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged server as a process of its own, in a working directory of its own, on the
 * JDK that runs the tests.
 */
final class PackagedServer implements AutoCloseable {

    static final Path MODELS = Path.of("models");

    private static final Path JAR = Path.of("target", "ml-model-server.jar").toAbsolutePath();

    private static final Duration LONGEST_START = Duration.ofMinutes(5);

    private static final String WARM_UP = "--modelserver.warm-up.requests=";

    private static final String DEADLINE = "--modelserver.prediction.deadline=";

    private static final long POLL_MILLIS = 100;

    private final Path folder;

    private final int port;

    private final Process process;

    private PackagedServer(Path folder, int port, String... settings) throws IOException {
        this.folder = folder;
        this.port = port;
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString(),
                        "--server.port=" + port));
        addUnlessGiven(command, WARM_UP, "0", settings);
        // So that a slow machine is no failure.
        addUnlessGiven(command, DEADLINE, "20s", settings);
        command.addAll(List.of(settings));
        this.process = new ProcessBuilder(command).directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.log").toFile())
            .start();
    }

    private static void addUnlessGiven(List<String> command, String setting, String value, String... settings) {
        if (Stream.of(settings).noneMatch((given) -> given.startsWith(setting))) {
            command.add(setting + value);
        }
    }

    /** Starts on a free port with a copy of the bundled models and waits for it. */
    static PackagedServer withModels(String... settings) {
        return withRegistry((models) -> copy(MODELS, models), settings);
    }

    /** Starts on a free port with an empty registry and waits for it. */
    static PackagedServer withoutModels(String... settings) {
        return withRegistry((models) -> {
        }, settings);
    }

    /** Starts on a free port with a registry of its own and waits for it. */
    static PackagedServer withRegistry(Registry registry, String... settings) {
        return start(registry, settings).untilItAnswers();
    }

    /**
     * Starts in a folder of the caller's, with settings that may keep it from starting,
     * and does not wait.
     */
    static PackagedServer in(Path folder, String... settings) {
        try {
            Files.createDirectories(folder.resolve("models"));
            return new PackagedServer(folder, freePort(), settings);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Starts on a port that need not be free and does not wait. */
    static PackagedServer on(int port) {
        try {
            return new PackagedServer(Files.createTempDirectory("contract"), port);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static PackagedServer start(Registry registry, String... settings) {
        try {
            Path folder = Files.createTempDirectory("contract");
            registry.fill(Files.createDirectory(folder.resolve("models")));
            return new PackagedServer(folder, freePort(), settings);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                }
                else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Stops this server, if it still runs, and starts another in its folder. */
    PackagedServer restarted(String... settings) {
        if (process.isAlive()) {
            assertThat(stop()).as(this::output).isIn(0, 143);
        }
        return startedAgain(settings).untilItAnswers();
    }

    /** Starts another server in the folder of this one, which must have ended. */
    PackagedServer startedAgain(String... settings) {
        try {
            return new PackagedServer(folder, port, settings);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    int port() {
        return port;
    }

    Path models() {
        return folder.resolve("models");
    }

    Client client() {
        return new Client(port);
    }

    String output() {
        try {
            return Files.readString(folder.resolve("output.log"));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Waits for the process to end by itself. */
    int exitCode() {
        if (!hasEndedWithin(LONGEST_START.toMillis())) {
            process.destroyForcibly();
            throw new AssertionError("the server was to end by itself:\n" + output());
        }
        return process.exitValue();
    }

    /** Sends SIGTERM and does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Sends SIGTERM and waits for the process to end. */
    int stop() {
        process.destroy();
        return exitCode();
    }

    /** Sends SIGKILL, if the process has not ended by then, and waits for its end. */
    void killAfter(long time, TimeUnit unit) {
        if (!hasEndedWithin(unit.toMillis(time))) {
            process.destroyForcibly();
        }
        exitCode();
    }

    /** Sends SIGKILL as soon as something is so, and waits for the end. */
    void killWhen(BooleanSupplier isSo) {
        while (!isSo.getAsBoolean()) {
            assertThat(process.isAlive()).as(this::output).isTrue();
            Thread.onSpinWait();
        }
        process.destroyForcibly();
        exitCode();
    }

    /**
     * {@return how many sockets the process holds; empty where that can't be seen}
     */
    OptionalLong sockets() throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        if (!Files.isReadable(descriptors)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return OptionalLong.of(open.filter(PackagedServer::isSocket).count());
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        }
        catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            assertThat(stop()).as(() -> "exit code after SIGTERM\n" + output()).isIn(0, 143);
        }
        deleteFolder();
    }

    PackagedServer untilItAnswers() {
        return untilItAnswers(client());
    }

    PackagedServer untilItAnswers(Client client) {
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        while (!client.canConnect()) {
            if (hasEndedWithin(POLL_MILLIS) || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new AssertionError("the server did not start:\n" + output());
            }
        }
        return this;
    }

    private boolean hasEndedWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException(ex);
        }
    }

    private void deleteFolder() {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException ex) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }

            });
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Fills the folder of models before the start. */
    @FunctionalInterface
    interface Registry {

        void fill(Path models) throws IOException;

    }

}
