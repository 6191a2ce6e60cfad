package io.modelserver.app;

import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * What Spring Boot has for gRPC is left out, and costs nothing, until the operator turns
 * gRPC on. Even then its security, its health service and its reflection are not used:
 * the door has its own.
 */
final class GrpcImportFilter implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String BOOTS = "org.springframework.boot.grpc.server.autoconfigure.";

    private static final Set<String> USED = Set.of(BOOTS + "GrpcServerAutoConfiguration",
            BOOTS + "GrpcServerObservationAutoConfiguration");

    private boolean on;

    @Override
    public void setEnvironment(Environment environment) {
        on = environment.getProperty("spring.grpc.server.enabled", Boolean.class, false);
    }

    @Override
    public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
        boolean[] matches = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            String name = names[i];
            matches[i] = name == null || !name.startsWith(BOOTS) || (on && USED.contains(name));
        }
        return matches;
    }

}
