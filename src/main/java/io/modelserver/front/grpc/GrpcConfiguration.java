package io.modelserver.front.grpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.modelserver.front.access.AccessSettings;
import io.modelserver.front.access.Admission;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceDiscoverer;

/**
 * Wires the door, where the settings ask for it. Spring Boot brings the settings and the
 * observations of calls.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("spring.grpc.server.enabled")
class GrpcConfiguration {

    private static final int USUAL_PORT = 8002;

    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final OpenStreams streams = new OpenStreams();

    @Bean
    Readiness grpcReadiness(ApplicationAvailability availability, ModelCatalog catalog) {
        return new Readiness(availability, catalog);
    }

    @Bean
    BindableService inferenceDoor(Readiness readiness, ModelCatalog catalog, ModelControl control,
            InferenceService service, LongSupplier nanoTime) {
        return MessageReading
            .of(new InferenceDoor(readiness, catalog, control, new Inferences(service, nanoTime), streams));
    }

    @Bean
    HealthDoor healthDoor(Readiness readiness) {
        return new HealthDoor(readiness::isReady, streams);
    }

    @Bean
    BindableService reflection() {
        return ProtoReflectionServiceV1.newInstance();
    }

    /** For tools that do not know the current name of the reflection service. */
    @Bean
    @SuppressWarnings("deprecation")
    BindableService earlierReflection() {
        return ProtoReflectionService.newInstance();
    }

    @Bean
    PeriodicTask watchedHealth(HealthDoor health) {
        return new PeriodicTask("grpc-health", REFRESH, health::refresh);
    }

    /** Behind the observation of calls, so that those which are refused count too. */
    @Bean
    @Order(10)
    @GlobalServerInterceptor
    ServerInterceptor callAccess(AccessSettings settings) {
        return new CallAccess(new Admission(settings));
    }

    @Bean
    PortBuilder.Port port(GrpcServerProperties properties, ServerProperties http, SslBundles bundles,
            RequestLimits limits) {
        InetAddress address = (properties.getAddress() != null) ? properties.getAddress() : http.getAddress();
        int port = (properties.getPort() != null) ? properties.getPort() : USUAL_PORT;
        return new PortBuilder.Port(
                (address != null) ? new InetSocketAddress(address, port) : new InetSocketAddress(port),
                new PortCredentials(bundles).of(properties.getSsl(), http.getSsl()), properties,
                new InboundBytes(limits.maxBytesInFlight()));
    }

    @Bean
    GrpcServerFactory grpcServerFactory(PortBuilder.Port port, GrpcServiceDiscoverer discoverer,
            GrpcServiceConfigurer configurer) {
        PortBuilder builder = new PortBuilder(port);
        discoverer.findServices()
            .stream()
            .map((service) -> configurer.configure(service, builder))
            .forEach(builder::addService);
        return builder;
    }

    @Bean
    GrpcServerLifecycle grpcPort(GrpcServerFactory factory, GrpcServerProperties properties,
            ApplicationEventPublisher publisher) {
        return new GrpcPort(factory, streams, properties.getShutdown().getGracePeriod(), publisher);
    }

}
