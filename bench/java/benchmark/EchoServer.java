package benchmark;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The stack of the model server without the model server: it sends a body back as it
 * came, which is as fast as anything on this stack can be.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(EchoServer.Echo.class)
public class EchoServer {

    /**
     * Runs until the process is stopped.
     * @param args Spring Boot's
     */
    public static void main(String[] args) {
        SpringApplication.run(EchoServer.class, args);
    }

    /** The only thing it can do. */
    @RestController
    static class Echo {

        @PostMapping("/echo")
        byte[] echo(HttpServletRequest request) throws IOException {
            return request.getInputStream().readNBytes(request.getContentLength());
        }

        /** For comparison: reads the body and says no more than a prediction does. */
        @PostMapping(path = "/length", produces = "application/json")
        String length(HttpServletRequest request) throws IOException {
            int length = request.getInputStream().readNBytes(request.getContentLength()).length;
            return "{\"length\":%d,\"padding\":\"%s\"}".formatted(length, "x".repeat(400));
        }

    }

}
