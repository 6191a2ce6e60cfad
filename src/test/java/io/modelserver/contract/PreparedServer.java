package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged server as {@code start_ml_server.sh} prepares it: unpacked, with a cache
 * of its classes. It starts at a quarter of the cost, and is made once for all tests.
 */
final class PreparedServer {

    private static final Path FOLDER = Path.of("target", "prepared-server").toAbsolutePath();

    private static final Path JAR = FOLDER.resolve(PackagedServer.JAR.getFileName());

    private static final Path CACHE = FOLDER.resolve("classes.cache");

    private static final int LONGEST_MINUTES = 15;

    /** Short lives are not worth the second compiler; the other is for the cache. */
    private static final List<String> FLAGS = List.of("-XX:TieredStopAtLevel=1", "-Djdk.util.jar.version=23");

    private static final boolean AHEAD_OF_TIME = Runtime.version().feature() >= 25;

    private static final Host HOST = new Host(List.of(), flags(), JAR);

    private static boolean made;

    private PreparedServer() {
    }

    private static List<String> flags() {
        List<String> flags = new ArrayList<>(FLAGS);
        flags.addAll(AHEAD_OF_TIME ? List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off", "-Xlog:cds=off")
                : List.of("-XX:SharedArchiveFile=" + CACHE, "-Xlog:cds=off"));
        return List.copyOf(flags);
    }

    /**
     * {@return a host that starts it}
     */
    static synchronized Host host() throws IOException {
        if (!made) {
            make();
            made = true;
        }
        return HOST;
    }

    private static void make() throws IOException {
        if (Files.exists(FOLDER)) {
            Host.delete(FOLDER);
        }
        Path home = Files.createTempDirectory("prepared");
        run(new Host(List.of(), List.of("-Djarmode=tools"), PackagedServer.JAR),
                List.of("extract", "--destination", FOLDER.toString()), home);
        SmallModel.in(Files.createDirectory(home.resolve("models")), "small");
        List<String> flags = new ArrayList<>(FLAGS);
        flags.add((AHEAD_OF_TIME ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + CACHE);
        flags.add("-Xlog:disable");
        run(new Host(List.of(), flags, JAR),
                Patience.with("--server.port=0", "--server.address=127.0.0.1", "--modelserver.default-model=small",
                        "--modelserver.warm-up.requests=50", "--modelserver.warm-up.then-exit=true"),
                home);
        Host.delete(home);
    }

    private static void run(Host host, List<String> arguments, Path home) throws IOException {
        Path log = home.resolve("output.log");
        Process process = host.java(arguments, home, log);
        try {
            assertThat(process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)).as("%s ended", arguments).isTrue();
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
        finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(() -> output(log)).isZero();
    }

    private static String output(Path log) {
        try {
            return Files.readString(log);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
