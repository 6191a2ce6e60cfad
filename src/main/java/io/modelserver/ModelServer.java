package io.modelserver;

import java.util.Locale;

import io.modelserver.app.KeyFileCheck;
import io.modelserver.app.ModelServerProperties;
import io.modelserver.app.PortCheck;
import io.modelserver.app.TrialProcess;
import org.springdoc.core.configuration.SpringDocSecurityConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the server. */
@SpringBootApplication(proxyBeanMethods = false,
        // Each class of a package that is looked through costs the start.
        scanBasePackages = { "io.modelserver.app", "io.modelserver.front" }, exclude = {
                // Other ways in than those of SecurityConfiguration.
                UserDetailsServiceAutoConfiguration.class, SecurityFilterAutoConfiguration.class,
                SpringDocSecurityConfiguration.class,
                // What nothing here uses, and each start would pay for.
                AopAutoConfiguration.class, DataSourceInitializationAutoConfiguration.class,
                JdbcClientAutoConfiguration.class, MultipartAutoConfiguration.class,
                PersistenceExceptionTranslationAutoConfiguration.class,
                ScheduledTasksObservationAutoConfiguration.class, TaskExecutorMetricsAutoConfiguration.class,
                TaskSchedulingAutoConfiguration.class })
public class ModelServer {

    ModelServer() {
    }

    /**
     * Runs until the process is stopped.
     * @param args Spring Boot's, e.g. {@code --server.port=8002}
     * @throws InterruptedException if the main thread is interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        // What is written here is read by machines, and must not have the digits, the
        // decimal comma or the letter case of the host's language.
        Locale.setDefault(Locale.ENGLISH);
        if (TrialProcess.isMeantBy(args)) {
            TrialProcess.main(args);
            return;
        }
        SpringApplication application = new SpringApplication(ModelServer.class);
        application.getListeners().forEach(ModelServer::ignoreDebugAndTrace);
        application.addInitializers(new KeyFileCheck(), new PortCheck());
        ConfigurableApplicationContext context = application.run(args);
        if (context.getBean(ModelServerProperties.class).warmUp().thenExit()) {
            System.exit(SpringApplication.exit(context));
        }
    }

    /**
     * Others set the variables {@code DEBUG} and {@code TRACE} for themselves; here they
     * would make a log of megabytes, with predictions in it. Levels are set by
     * {@code logging.level}.
     */
    private static void ignoreDebugAndTrace(ApplicationListener<?> listener) {
        if (listener instanceof LoggingApplicationListener logging) {
            logging.setParseArgs(false);
        }
    }

}
