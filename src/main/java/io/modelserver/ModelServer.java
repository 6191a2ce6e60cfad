package io.modelserver;

import io.modelserver.config.PortCheck;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the server. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class ModelServer {

    /**
     * Runs until the process is stopped.
     * @param args Spring Boot's, e.g. {@code --server.port=8002}
     */
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(ModelServer.class);
        application.addInitializers(new PortCheck());
        application.run(args);
    }

}
