package io.modelserver.config;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Says in one line that the port is taken, before anything is loaded, and ends the
 * process.
 */
public final class PortCheck implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final int PORT_IN_USE = 98;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        int port = environment.getProperty("server.port", Integer.class, 8080);
        InetAddress address = environment.getProperty("server.address", InetAddress.class);
        if (port > 0 && !canBind(address, port)) {
            System.err.println(
                    canBind(null, port) ? "The address %s (server.address) is not one of this host's".formatted(address)
                            : "Port %d is in use: see who has it with `%s`, or start on another with --server.port=%d"
                                .formatted(port, lookup(port), port + 1));
            System.exit(PORT_IN_USE);
        }
    }

    private static boolean canBind(@Nullable InetAddress address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return true;
        }
        catch (BindException ex) {
            return false;
        }
        catch (IOException ex) {
            return true;
        }
    }

    private static String lookup(int port) {
        String os = System.getProperty("os.name");
        if (os.startsWith("Windows")) {
            return "netstat -ano | findstr :" + port;
        }
        return os.startsWith("Mac") ? "lsof -nP -iTCP:%d -sTCP:LISTEN".formatted(port)
                : "ss -ltnp 'sport = :%d'".formatted(port);
    }

}
