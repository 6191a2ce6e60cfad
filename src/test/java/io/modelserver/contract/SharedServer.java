package io.modelserver.contract;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests that change nothing one server for all of them. Its deadline is long, so
 * that a slow machine is no failure.
 */
class SharedServer implements ParameterResolver {

    private final String[] settings;

    SharedServer() {
        this("--modelserver.prediction.deadline=20s");
    }

    SharedServer(String... settings) {
        this.settings = settings;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PackagedServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
            .getStore(ExtensionContext.Namespace.create(getClass()))
            .computeIfAbsent(PackagedServer.class, (type) -> PackagedServer.withModels(settings), PackagedServer.class);
    }

}
