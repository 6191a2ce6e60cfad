package io.modelserver.front.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.modelserver.security.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** That somebody has decided, for every call that there is, who may make it. */
class OperationsTest {

    /** Forwarded to by the container, never called for by its own address. */
    private static final String ERROR_PAGE = "/error";

    @Test
    void everyCallOfEveryControllerIsAnOperation() {
        List<Call> calls = calls();

        assertThat(calls).extracting(Call::path)
            .contains("/predict", "/health", "/api/ml/models/{name}/rollback", "/api/ml/windows/{*symbol}");
        assertThat(calls).allSatisfy((call) -> assertThat(operation(call)).as("the operation of %s", call).isNotNull());
    }

    @Test
    void everyOperationIsSomeCall() {
        Set<@Nullable Operation> called = new HashSet<>(calls().stream().map(OperationsTest::operation).toList());
        called.add(operation(new Call("GET", "/actuator/prometheus")));

        assertThat(called).containsExactlyInAnyOrder(Operation.values());
    }

    private static @Nullable Operation operation(Call call) {
        String path = call.path().replaceAll("\\{[^}]+}", "x");
        return AccessRules.operation(call.method(), PathContainer.parsePath(path)).orElse(null);
    }

    private static List<Call> calls() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
        Mappings mappings = new Mappings();
        List<Call> calls = new ArrayList<>();
        scanner.findCandidateComponents("io.modelserver")
            .stream()
            .map(AnnotatedBeanDefinition.class::cast)
            .filter((bean) -> !bean.getMetadata().isAbstract())
            .forEach((bean) -> calls.addAll(mappings.of(String.valueOf(bean.getBeanClassName()))));
        return calls;
    }

    /**
     * A call as a controller declares it.
     *
     * @param method the method
     * @param path its pattern
     */
    private record Call(String method, String path) {
    }

    /** Reads the annotations of controllers as Spring MVC does. */
    private static final class Mappings extends RequestMappingHandlerMapping {

        Mappings() {
            setEmbeddedValueResolver((path) -> path.startsWith("${") ? ERROR_PAGE : path);
            afterPropertiesSet();
        }

        @Override
        protected boolean isHandler(Class<?> beanType) {
            return false;
        }

        @Override
        protected void initHandlerMethods() {
            // There are no beans to look at.
        }

        List<Call> of(String controller) {
            Class<?> type = ClassUtils.resolveClassName(controller, null);
            List<Call> calls = new ArrayList<>();
            MethodIntrospector
                .selectMethods(type,
                        (MethodIntrospector.MetadataLookup<RequestMappingInfo>) (method) -> getMappingForMethod(method,
                                type))
                .values()
                .forEach((mapping) -> mapping.getPatternValues()
                    .stream()
                    .filter((path) -> !path.equals(ERROR_PAGE))
                    .forEach((path) -> methods(mapping).forEach((method) -> calls.add(new Call(method, path)))));
            return calls;
        }

        private static List<String> methods(RequestMappingInfo mapping) {
            return mapping.getMethodsCondition().getMethods().stream().map(RequestMethod::name).toList();
        }

    }

}
