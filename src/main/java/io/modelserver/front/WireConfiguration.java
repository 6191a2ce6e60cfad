package io.modelserver.front;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import io.modelserver.front.http.ConnectionDrain;
import io.modelserver.front.http.FilterOrder;
import io.modelserver.front.http.ForwardedHeadersValve;
import io.modelserver.front.http.HeadDeadlineProtocol;
import io.modelserver.front.http.ProblemReportValve;
import io.modelserver.front.http.RepeatedParameters;
import io.modelserver.front.http.RequestBodies;
import io.modelserver.front.http.RequestIdFilter;
import io.modelserver.front.http.RequestLimitFilter;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.front.http.UnreadBodyValve;
import io.modelserver.front.operators.VersionStatusJson;
import io.modelserver.registry.metadata.RegistryJson;
import io.modelserver.registry.store.VersionStatus;
import jakarta.servlet.DispatcherType;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ProtocolHandler;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

/** How the server speaks HTTP and JSON. */
@Configuration(proxyBeanMethods = false)
public class WireConfiguration {

    WireConfiguration() {
    }

    @Bean
    RequestBodies requestBodies(RequestLimits limits) {
        return new RequestBodies(limits.maxBytesInFlight());
    }

    @Bean
    FilterRegistrationBean<RequestLimitFilter> requestLimitFilter(RequestLimits limits, LongSupplier nanoTime,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<RequestLimitFilter> registration = new FilterRegistrationBean<>(
                new RequestLimitFilter(limits.maxBodyBytes(), limits.longestBodyNanos(), nanoTime, problems));
        registration.setOrder(FilterOrder.REQUEST_LIMITS);
        return registration;
    }

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIds() {
        FilterRegistrationBean<RequestIdFilter> registration = new FilterRegistrationBean<>(new RequestIdFilter());
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
        registration.setOrder(FilterOrder.REQUEST_ID);
        return registration;
    }

    @Bean
    ConnectionDrain connectionDrain() {
        return new ConnectionDrain();
    }

    @Bean
    FilterRegistrationBean<ConnectionDrain> connectionDrainFilter(ConnectionDrain drain) {
        FilterRegistrationBean<ConnectionDrain> registration = new FilterRegistrationBean<>(drain);
        registration.setOrder(FilterOrder.CONNECTION_DRAIN);
        return registration;
    }

    @Bean
    @Order(FilterOrder.UNREAD_BODY)
    Valve unreadBodies(RequestLimits limits, LongSupplier nanoTime) {
        return new UnreadBodyValve(limits.maxBodyBytes(), limits.longestBodyNanos(), nanoTime);
    }

    @Bean
    @Order(FilterOrder.FORWARDED_HEADERS)
    @ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "framework")
    Valve usableForwardedHeaders() {
        return new ForwardedHeadersValve();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemReports(RequestLimits limits, List<Valve> valves) {
        return (factory) -> {
            factory.addContextCustomizers((context) -> {
                if (context.getParent() instanceof StandardHost host) {
                    host.setErrorReportValveClass(ProblemReportValve.class.getName());
                }
            });
            factory.setProtocol(HeadDeadlineProtocol.class.getName());
            factory.addProtocolHandlerCustomizers((ProtocolHandler protocol) -> {
                if (protocol instanceof HeadDeadlineProtocol http) {
                    http.setHeadDeadline(Duration.ofNanos(limits.longestHeadNanos()));
                }
            });
            factory.addContextValves(valves.toArray(Valve[]::new));
            factory.addConnectorCustomizers(WireConfiguration::customize);
        };
    }

    private static void customize(Connector connector) {
        // A client that asks before sending a body is told to send it only when it is
        // wanted.
        connector.setProperty("continueResponseTiming", "onRead");
        // Nothing here takes a form: one that can't be decoded must not fail a call.
        connector.setParseBodyMethods("");
        // Clients encode the slash of a symbol such as BTC/USDT; where one may stand, the
        // firewall says.
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
    }

    /** Predictions have no parameters, and are not to be kept waiting. */
    @Bean
    WebMvcConfigurer oneValuePerParameter() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new RepeatedParameters())
                    .addPathPatterns("/api/ml/**")
                    .excludePathPatterns("/api/ml/predict/**");
            }
        };
    }

    @Bean
    JsonFactoryBuilderCustomizer onlyShallowUtf8() {
        return (builder) -> builder.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            // Jackson's own choice keeps buffers by thread, and every request has a new
            // one.
            .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(RegistryJson.DEEPEST).build());
    }

    @Bean
    JsonMapperBuilderCustomizer strictSnakeCase() {
        return (builder) -> builder.addMixIn(VersionStatus.class, VersionStatusJson.class)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual,
                    (config) -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

}
