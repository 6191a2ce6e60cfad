package io.modelserver.app;

import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;

/**
 * Reports unknown settings under {@code modelserver} in files and arguments: a misspelt
 * one has no effect, and one of a newer release is unknown after going back to an older.
 * One under {@code modelserver.security} ends the start: a server that requires keys must
 * not start without them.
 */
final class UnknownSettings implements ConfigurationPropertiesBindHandlerAdvisor {

    private static final Logger logger = LoggerFactory.getLogger(UnknownSettings.class);

    private static final ConfigurationPropertyName OWN = ConfigurationPropertyName.of("modelserver");

    private static final ConfigurationPropertyName SECURITY = OWN.append("security");

    @Override
    public BindHandler apply(BindHandler handler) {
        return new NoUnboundElementsBindHandler(handler, new UnboundElementsSourceFilter()) {

            @Override
            public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
                    @Nullable Object result) throws Exception {
                // The handler above passes this on to nobody, and validation is behind
                // it.
                handler.onFinish(name, target, context, result);
                try {
                    if (name.equals(OWN)) {
                        super.onFinish(name, target, context, result);
                    }
                }
                catch (UnboundConfigurationPropertiesException ex) {
                    tell(ex.getUnboundProperties());
                }
            }

        };
    }

    private static void tell(Set<ConfigurationProperty> unknown) {
        Set<ConfigurationProperty> grave = unknown.stream()
            .filter((setting) -> SECURITY.isAncestorOf(setting.getName()))
            .collect(Collectors.toSet());
        if (!grave.isEmpty()) {
            throw new UnboundConfigurationPropertiesException(grave);
        }
        unknown.forEach((setting) -> logger.warn("unknown setting {} has no effect ({})", setting.getName(),
                setting.getOrigin()));
    }

}
