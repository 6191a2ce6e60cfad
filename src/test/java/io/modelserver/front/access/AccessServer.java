package io.modelserver.front.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

import io.modelserver.front.http.ProblemAdvice;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.security.ApiKeys;
import io.modelserver.security.KeyFile;
import io.modelserver.security.KeyRing;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** The doors of the server in each of their modes, with everything behind them open. */
public final class AccessServer {

    private static final Map<Mode, MockMvcTester> SERVERS = new EnumMap<>(Mode.class);

    private AccessServer() {
    }

    static {
        try {
            start();
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    public enum Mode {

        NO_KEYS, NO_KEYS_FORWARDED, KEYS, KEYS_FOR_PREDICT, EMPTY_FILE

    }

    private static void start() throws IOException {
        Path folder = Files.createTempDirectory("access");
        Path file = Files.writeString(folder.resolve("keys"), ApiKeys.line("alice", "admin", "admin-key")
                + ApiKeys.line("closer", "outcome", "outcome-key") + ApiKeys.line("bot", "predict", "predict-key"));
        KeyRing keys = new KeyRing(new KeyFile(file), () -> 0);
        KeyRing none = new KeyRing(new KeyFile(Files.createFile(folder.resolve("none"))), () -> 0);
        for (Path read : List.of(file, folder.resolve("none"), folder)) {
            Files.delete(read);
        }
        SERVERS.put(Mode.NO_KEYS, server(new AccessSettings(null, false, List.of())));
        SERVERS.put(Mode.NO_KEYS_FORWARDED,
                server(new AccessSettings(null, false, List.of()), new ForwardedHeaderFilter()));
        SERVERS.put(Mode.KEYS, server(new AccessSettings(keys, false, List.of("https://board.example"))));
        SERVERS.put(Mode.KEYS_FOR_PREDICT, server(new AccessSettings(keys, true, List.of())));
        SERVERS.put(Mode.EMPTY_FILE, server(new AccessSettings(none, false, List.of())));
    }

    public static MockMvcTester.MockMvcRequestBuilder request(Mode mode, String method, String path) {
        return Objects.requireNonNull(SERVERS.get(mode))
            .method(HttpMethod.valueOf(method))
            .uri(URI.create("http://localhost" + path));
    }

    private static MockMvcTester server(AccessSettings settings, Filter... outermost) {
        AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
        context.setServletContext(new MockServletContext());
        context.addBeanFactoryPostProcessor((beans) -> beans.registerSingleton("accessSettings", settings));
        context.register(OpenDoors.class);
        context.refresh();
        return MockMvcTester.from(context, (builder) -> {
            builder.addFilters(outermost);
            context.getBeansOfType(ServletContextInitializer.class)
                .values()
                .stream()
                .filter(FilterRegistrationBean.class::isInstance)
                .map((registration) -> (FilterRegistrationBean<?>) registration)
                .filter(FilterRegistrationBean::isEnabled)
                .sorted(Comparator.comparingInt(FilterRegistrationBean::getOrder))
                .forEach((registration) -> builder.addFilters(Objects.requireNonNull(registration.getFilter())));
            return builder.build();
        });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @Import({ SecurityConfiguration.class, ProblemAdvice.class, Echo.class })
    static class OpenDoors {

        @Bean
        LongSupplier nanoTime() {
            return () -> 0;
        }

        @Bean
        RequestLimits requestLimits() {
            return new RequestLimits(3, 32, 10_000, 20_000, Long.MAX_VALUE, Long.MAX_VALUE);
        }

    }

    @RestController
    static class Echo {

        @RequestMapping("/**")
        String who(HttpServletRequest request) {
            return request.getRemoteUser() + " "
                    + ((request.getUserPrincipal() != null) ? request.getUserPrincipal().getName() : "nobody");
        }

    }

}
