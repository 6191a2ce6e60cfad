package io.modelserver.app;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.LocalTrial;
import io.modelserver.registry.store.RegistryFolder;

/**
 * The process in which a version is tried: this program again, with other arguments and
 * without Spring. It runs a single instance, since it is there to find what a model does
 * and not how fast.
 */
public final class TrialProcess {

    private static final String TRIAL = "--modelserver-trial";

    private TrialProcess() {
    }

    /** All but the model and the version. */
    static List<String> command(ModelServerProperties properties) {
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + properties.registry().trialMemory().toBytes() / 2, "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", "-XX:+SuppressFatalErrorMessage", "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED"));
        command.addAll(Files.isRegularFile(Path.of(classPath)) ? List.of("-jar", classPath)
                : List.of("-cp", classPath, TrialProcess.class.getName()));
        command.addAll(List.of(TRIAL, properties.registry().path().toAbsolutePath().toString(),
                Long.toString(properties.registry().maxModelSize().toBytes()), properties.inference().engine(),
                Integer.toString(properties.batching().maxBatchSize()),
                Integer.toString(properties.inference().intraOpThreads())));
        return List.copyOf(command);
    }

    /**
     * {@return whether a program with these arguments is a trial}
     * @param args the program's arguments
     */
    public static boolean isMeantBy(String[] args) {
        return args.length == 8 && args[0].equals(TRIAL);
    }

    /**
     * Tries one version. Standard output is for the result alone: what is logged goes to
     * standard error.
     * @param args as {@link #command} gives them, then the model and the version
     * @throws InterruptedException if the calling thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        PrintStream result = System.out;
        System.setOut(System.err);
        RegistryFolder repository = new RegistryFolder(Path.of(args[1]), Long.parseLong(args[2]),
                BundledEngines.of(Integer.parseInt(args[5])).preferring(args[3]));
        BatchingPolicy policy = new BatchingPolicy(1, Integer.parseInt(args[4]), 1, 0, Long.MAX_VALUE);
        LocalTrial trial = new LocalTrial(repository, policy, System::nanoTime);
        trial.print(new ModelId(args[6], args[7]), result);
        result.flush();
        System.exit(0);
    }

}
