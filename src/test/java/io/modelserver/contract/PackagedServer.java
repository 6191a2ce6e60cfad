package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged server as a process of its own, in a working directory of its own, on the
 * JDK that runs the tests; as it was packaged where a test says on which host, else
 * prepared for a fast start.
 */
final class PackagedServer implements AutoCloseable {

    /** All bundled models; for most tests the classifier is enough. */
    static final Path MODELS = Path.of("models");

    static final String CLASSIFIER = "hybrid_cnn_lstm";

    static final Path JAR = Path.of("target", "ml-model-server.jar").toAbsolutePath();

    private static final Duration LONGEST_START = Duration.ofMinutes(10);

    private static final long POLL_MILLIS = 20;

    private static final long KILL_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Host host;

    private final Path folder;

    private final int port;

    private final Process process;

    private PackagedServer(Host host, Path folder, int port, String... settings) throws IOException {
        this.host = host;
        this.folder = folder;
        this.port = port;
        List<String> arguments = new ArrayList<>(List.of("--server.port=" + port));
        arguments.addAll(Patience.with(settings));
        this.process = host.java(arguments, folder, folder.resolve("output.log"));
    }

    /** Starts on a free port with a copy of the bundled classifier and waits for it. */
    static PackagedServer withModels(String... settings) {
        return withRegistry(PackagedServer::copyClassifier, settings);
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
            return new PackagedServer(PreparedServer.host(), folder, FreePorts.next(), settings);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Starts on a host that is not as others, with a copy of the classifier. */
    static PackagedServer on(Host host, String... settings) {
        try {
            Path folder = Files.createTempDirectory("contract");
            copyClassifier(Files.createDirectory(folder.resolve("models")));
            return new PackagedServer(host, folder, FreePorts.next(), settings).untilItAnswers();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Starts on a port that need not be free and does not wait. */
    static PackagedServer on(int port) {
        return on(new Host(), port);
    }

    /** Starts on a port that may not be there for it and does not wait. */
    static PackagedServer on(Host host, int port) {
        try {
            return new PackagedServer(host, Files.createTempDirectory("contract"), port);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static PackagedServer start(Registry registry, String... settings) {
        try {
            Path folder = Files.createTempDirectory("contract");
            registry.fill(Files.createDirectory(folder.resolve("models")));
            return new PackagedServer(PreparedServer.host(), folder, FreePorts.next(), settings);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Copies the bundled classifier with its two versions into a registry. */
    static void copyClassifier(Path models) throws IOException {
        copy(MODELS.resolve(CLASSIFIER), models.resolve(CLASSIFIER));
    }

    /** Leaves out what a server that was tried out in this clone has written. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter((path) -> !path.endsWith("history.jsonl")).toList()) {
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
            return new PackagedServer(host, folder, port, settings);
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

    /** Sends a signal, e.g. STOP or CONT, and waits until it has been sent. */
    void signal(String name) {
        assertThat(Host.signal(name, process.pid())).as("the exit code of kill").isZero();
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
            LockSupport.parkNanos(KILL_POLL_NANOS);
        }
        process.destroyForcibly();
        exitCode();
    }

    /**
     * {@return how many sockets the process holds; empty where that can't be seen}
     */
    OptionalLong sockets() {
        Path descriptors = Path.of("/proc", Long.toString(process.pid()), "fd");
        if (!Files.isReadable(descriptors)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> open = Files.list(descriptors)) {
            return OptionalLong.of(open.filter(PackagedServer::isSocket).count());
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
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
        Host.delete(folder);
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

    /** Fills the folder of models before the start. */
    @FunctionalInterface
    interface Registry {

        void fill(Path models) throws IOException;

    }

}
