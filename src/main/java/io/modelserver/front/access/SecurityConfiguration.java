package io.modelserver.front.access;

import java.util.List;

import io.modelserver.front.http.FilterOrder;
import io.modelserver.front.http.SecurityHeadersFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.AbstractSecurityWebApplicationInitializer;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Who may call. Open calls pass a chain without filters; all others must have a caller
 * with the scope that the rules name.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityConfiguration {

    @Bean
    AccessRules accessRules(AccessSettings settings) {
        return new AccessRules(settings.keyForPredict());
    }

    @Bean
    AccessRefusal accessRefusal(AccessRules rules, AccessSettings settings,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        return new AccessRefusal(rules, settings.keys() != null, problems);
    }

    @Bean
    @Order(FilterOrder.OPEN_CALLS)
    SecurityFilterChain openCalls(AccessRules rules) {
        return new DefaultSecurityFilterChain((request) -> rules.scopeFor(request).isEmpty(), List.of());
    }

    @Bean
    @Order(FilterOrder.CLOSED_CALLS)
    SecurityFilterChain closedCalls(HttpSecurity http, AccessRules rules, AccessRefusal refusal,
            AccessSettings settings) {
        return http.csrf(AbstractHttpConfigurer::disable)
            .formLogin(AbstractHttpConfigurer::disable)
            .httpBasic(AbstractHttpConfigurer::disable)
            .logout(AbstractHttpConfigurer::disable)
            .requestCache(AbstractHttpConfigurer::disable)
            .headers(AbstractHttpConfigurer::disable)
            .sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .addFilterBefore(new CallerFilter(settings.keys()), AnonymousAuthenticationFilter.class)
            .authorizeHttpRequests((requests) -> requests.anyRequest()
                .access((authentication,
                        context) -> new AuthorizationDecision(rules.scopeFor(context.getRequest())
                            .filter((scope) -> authentication.get() instanceof Caller caller && caller.may(scope))
                            .isPresent())))
            .exceptionHandling((refused) -> refused.authenticationEntryPoint(refusal).accessDeniedHandler(refusal))
            .build();
    }

    @Bean
    HttpFirewall httpFirewall() {
        return new PathFirewall();
    }

    /** Spring Boot counts requests already; each filter of a chain need not be a span. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** In the place where Spring Boot would put Spring Security. */
    @Bean
    FilterRegistrationBean<OpenPredictionBypass> openPredictionBypass(AccessRules rules,
            @Qualifier(AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME) Filter security) {
        FilterRegistrationBean<OpenPredictionBypass> registration = new FilterRegistrationBean<>(
                new OpenPredictionBypass(rules, security));
        registration.setOrder(FilterOrder.ACCESS);
        return registration;
    }

    /**
     * Otherwise it would also be registered outside of it, like every bean that is a
     * filter.
     */
    @Bean
    FilterRegistrationBean<Filter> onlyBehindTheBypass(
            @Qualifier(AbstractSecurityWebApplicationInitializer.DEFAULT_FILTER_NAME) Filter security) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(security);
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    FilterRegistrationBean<SecurityHeadersFilter> securityHeaders() {
        FilterRegistrationBean<SecurityHeadersFilter> registration = new FilterRegistrationBean<>(
                new SecurityHeadersFilter());
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
        registration.setOrder(FilterOrder.SECURITY_HEADERS);
        return registration;
    }

    @Bean
    FilterRegistrationBean<CorsFilter> foreignPages(AccessSettings settings,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(settings.corsAllowedOrigins());
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        allowed.setAllowedHeaders(List.of("Authorization", "Content-Type", "X-Request-Id", "X-Symbol", "X-Deadline-Ms",
                "traceparent", "tracestate"));
        allowed.setExposedHeaders(List.of("Retry-After", "WWW-Authenticate", "X-Request-Id"));
        UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
        everywhere.registerCorsConfiguration("/**", allowed);
        CorsFilter filter = new CorsFilter(everywhere);
        filter.setCorsProcessor(new ProblemCorsProcessor(problems));
        FilterRegistrationBean<CorsFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(!settings.corsAllowedOrigins().isEmpty());
        registration.setOrder(FilterOrder.FOREIGN_PAGES);
        return registration;
    }

}
