package io.modelserver.front.openapi;

import java.util.List;

import io.modelserver.front.access.AccessRules;
import io.modelserver.security.Scope;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.PathContainer;

/**
 * What {@code /openapi.json} says about keys, taken from the rules, so that no call is
 * documented as open and is closed. Open calls say so with an empty list, which clients
 * need not guess from a field that is missing.
 */
@Configuration(proxyBeanMethods = false)
class KeyDocumentation {

    private static final String API_KEY = "apiKey";

    @Bean
    OpenApiCustomizer keys(AccessRules rules) {
        return (api) -> {
            api.getComponents()
                .addSecuritySchemes(API_KEY,
                        new SecurityScheme().type(SecurityScheme.Type.HTTP)
                            .scheme("bearer")
                            .description("A key made by `tools/new_api_key.sh`. A server without keys needs none, "
                                    + "but accepts changes from its own host only."));
            api.getPaths()
                .forEach((path, item) -> item.readOperationsMap()
                    .forEach((method, operation) -> rules.scopeFor(method.name(), PathContainer.parsePath(path))
                        .ifPresentOrElse((scope) -> describe(path, operation, scope),
                                () -> operation.setSecurity(List.of()))));
        };
    }

    private static void describe(String path, Operation operation, Scope scope) {
        operation.addSecurityItem(new SecurityRequirement().addList(API_KEY, List.of(scope.label())));
        ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
        responses.addApiResponse("401",
                ApiDocumentation.failure(path, "`UNAUTHENTICATED`: no key, or none that the server knows"));
        responses.addApiResponse("403", ApiDocumentation.failure(path,
                "`FORBIDDEN`: the key does not have the scope `%s`, or there are no keys and the call is not from this host"
                    .formatted(scope.label())));
        operation.setResponses(responses);
    }

}
