package io.modelserver.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Reports in one line why a port can't be opened, before anything is loaded, and ends the
 * process.
 */
public final class PortCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String GRPC = "spring.grpc.server.";

    private static final int FIRST_FOR_EVERYBODY = 1024;

    private static final int CONNECT_MILLIS = 500;

    /** Those of {@code sysexits.h} and of Linux. */
    private enum Exit {

        PERMISSION_DENIED(77), ADDRESS_IN_USE(98), ADDRESS_NOT_AVAILABLE(99);

        private final int code;

        Exit(int code) {
            this.code = code;
        }

    }

    /**
     * Why a port can't be opened.
     *
     * @param exit the exit code of the process
     * @param message one line for the operator
     */
    record Obstacle(int exit, String message) {

        private static Obstacle of(Exit exit, String message) {
            return new Obstacle(exit.code, message);
        }

        /** The settings of gRPC's port are called as HTTP's, behind a prefix. */
        private Obstacle ofGrpc() {
            return new Obstacle(exit,
                    message.replace("server.port", GRPC + "port").replace("server.address", GRPC + "address"));
        }

    }

    /** Creates the check; it reads its settings from the context that it is given. */
    public PortCheck() {
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        obstacle(context.getEnvironment()).ifPresent((obstacle) -> {
            System.err.println(obstacle.message());
            System.exit(obstacle.exit());
        });
    }

    /**
     * {@return what keeps this process from listening on the ports that are set}
     */
    static Optional<Obstacle> obstacle(Environment environment) {
        int port = environment.getProperty("server.port", Integer.class, 8080);
        InetAddress address = environment.getProperty("server.address", InetAddress.class);
        Optional<Obstacle> obstacle = obstacle(address, port);
        if (obstacle.isPresent() || !environment.getProperty(GRPC + "enabled", Boolean.class, false)) {
            return obstacle;
        }
        int grpcPort = environment.getProperty(GRPC + "port", Integer.class, 0);
        if (grpcPort > 0 && grpcPort == port) {
            return Optional.of(Obstacle.of(Exit.ADDRESS_IN_USE,
                    "HTTP (server.port) and gRPC (spring.grpc.server.port) need a port each; both are set to " + port));
        }
        InetAddress own = environment.getProperty(GRPC + "address", InetAddress.class);
        return obstacle((own != null) ? own : address, grpcPort).map(Obstacle::ofGrpc);
    }

    /**
     * {@return what keeps this process from listening, empty if nothing does}
     * @param address null for all of this host's
     * @param port the port; 0 for any
     */
    static Optional<Obstacle> obstacle(@Nullable InetAddress address, int port) {
        if (port <= 0) {
            return Optional.empty();
        }
        Optional<IOException> failure = tryToBind(address, port);
        if (failure.isEmpty()) {
            return Optional.empty();
        }
        if (address != null && tryToBind(address, 0).isPresent()) {
            return Optional.of(Obstacle.of(Exit.ADDRESS_NOT_AVAILABLE,
                    "The address " + address.getHostAddress() + " (server.address) is not one of this host's"));
        }
        return Optional.of(describe(failure.get(), port, isListening(address, port)));
    }

    /**
     * One exception stands for both causes, and its words may be in the language of the
     * host.
     */
    static Obstacle describe(IOException failure, int port, boolean listening) {
        String words = String.valueOf(failure.getMessage());
        if (words.contains("ermission denied")) {
            return denied(port);
        }
        boolean isTaken = listening || port >= FIRST_FOR_EVERYBODY || words.contains("in use");
        return isTaken ? inUse(port) : denied(port);
    }

    private static Obstacle denied(int port) {
        return Obstacle.of(Exit.PERMISSION_DENIED, "Port " + port + " needs a right that this process does not have: "
                + "ports below 1024 need CAP_NET_BIND_SERVICE (or root). Give it that, or start on another port with "
                + "--server.port=8001, and have a proxy listen on " + port);
    }

    private static Obstacle inUse(int port) {
        return Obstacle.of(Exit.ADDRESS_IN_USE, "Port " + port + " is in use: see who has it with `" + lookup(port)
                + "`, or start on another with --server.port=" + (port + 1));
    }

    private static Optional<IOException> tryToBind(@Nullable InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return Optional.empty();
        }
        catch (IOException ex) {
            return Optional.of(ex);
        }
    }

    private static boolean isListening(@Nullable InetAddress address, int port) {
        InetAddress target = (address == null || address.isAnyLocalAddress()) ? InetAddress.getLoopbackAddress()
                : address;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target, port), CONNECT_MILLIS);
            return true;
        }
        catch (IOException ex) {
            return false;
        }
    }

    private static String lookup(int port) {
        String os = System.getProperty("os.name");
        if (os.startsWith("Windows")) {
            return "netstat -ano | findstr :" + port;
        }
        return os.startsWith("Mac") ? "lsof -nP -iTCP:" + port + " -sTCP:LISTEN" : "ss -ltnp 'sport = :" + port + "'";
    }

}
