package io.modelserver.contract;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests that change nothing one server for all of them.
 */
class SharedServer implements ParameterResolver {

    private final String[] settings;

    SharedServer() {
        this(new String[0]);
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
            .computeIfAbsent(PackagedServer.class, (type) -> start(), PackagedServer.class);
    }

    /** The version in STAGING is loaded when the port is open; no test is about that. */
    private PackagedServer start() {
        PackagedServer server = PackagedServer.withModels(settings);
        Client client = server.client();
        Eventually.isSo(() -> client.get("/health").json().at("/loaded_models").size() == 2);
        return server;
    }

}
