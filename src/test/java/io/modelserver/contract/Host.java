package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server finds where it is started.
 *
 * @param prefix the command that starts the JVM, none for itself
 * @param jvm more flags of the JVM
 * @param jar what the JVM runs
 * @param environment more variables
 * @param output where standard output goes instead of the log that tests read; standard
 * error is that log's then
 */
record Host(List<String> prefix, List<String> jvm, Path jar, Map<String, String> environment, Optional<Path> output) {

    /** One like that of the tests, where the server is as it was packaged. */
    Host() {
        this(List.of(), List.of(), PackagedServer.JAR);
    }

    Host(List<String> prefix, List<String> jvm, Path jar) {
        this(prefix, jvm, jar, Map.of(), Optional.empty());
    }

    /**
     * Starts the server on the Java that runs the tests.
     * @param log where its output goes, but for standard output that goes elsewhere
     */
    Process java(List<String> arguments, Path folder, Path log) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        if (output.isPresent()) {
            builder.redirectOutput(output.get().toFile()).redirectError(log.toFile());
        }
        else {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        builder.environment().putAll(environment);
        return builder.start();
    }

    static int signal(String name, long pid) {
        try {
            return new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    static void delete(Path folder) {
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

    Host startedBy(String... command) {
        return new Host(List.of(command), jvm, jar, environment, output);
    }

    /** As a JVM is where the host's language is this one. */
    Host speaking(String language, String country) {
        return new Host(prefix, List.of("-Duser.language=" + language, "-Duser.country=" + country), jar, environment,
                output);
    }

    Host with(Map<String, String> variables) {
        return new Host(prefix, jvm, jar, variables, output);
    }

    Host writingTo(Path file) {
        return new Host(prefix, jvm, jar, environment, Optional.of(file));
    }

}
