package io.modelserver.app;

import java.time.Duration;
import java.util.List;

import io.modelserver.route.RouteProperties;
import io.modelserver.security.SecurityProperties;
import io.modelserver.window.WindowSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class ModelServerPropertiesTest {

    private final ApplicationContextRunner server = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
        .withUserConfiguration(Settings.class);

    @Test
    void everythingHasADefault() {
        server.run((context) -> {
            ModelServerProperties properties = context.getBean(ModelServerProperties.class);
            assertThat(properties.defaultModel()).isEqualTo("hybrid_cnn_lstm");
            assertThat(properties.registry().path()).hasToString("models");
            assertThat(properties.registry().maxModelSize()).isEqualTo(DataSize.ofGigabytes(1));
            assertThat(properties.inference().instancesOrCores()).isEqualTo(Runtime.getRuntime().availableProcessors());
            assertThat(properties.prediction().deadline()).isEqualTo(Duration.ofSeconds(1));
            assertThat(properties.web().maxBodySize()).isEqualTo(DataSize.ofMegabytes(16));
            assertThat(properties.security()).isEqualTo(new SecurityProperties("", false, List.of()));
        });
    }

    @Test
    void theFileWithAllSettingsGivesTheDefaults() {
        server.run((defaults) -> server
            .withInitializer(new org.springframework.boot.test.context.ConfigDataApplicationContextInitializer())
            .withSystemProperties("spring.config.location=file:config/application.yml")
            .run((context) -> assertThat(context.getBean(ModelServerProperties.class))
                .isEqualTo(defaults.getBean(ModelServerProperties.class))));
    }

    @ParameterizedTest
    @ValueSource(strings = { "default-model=", "registry.kept-on-demand=0", "registry.max-model-size=big",
            "registry.max-model-size=-1B", "web.max-body-size=0B", "window.max-windows=0", "window.max-gap=0s",
            "window.idle=0s", "window.fill=guess", "window.max-missing=0", "window.max-memory=-1B",
            "window.max-ahead=-1s", "window.save-interval=0s", "inference.instances=-1", "inference.intra-op-threads=0",
            "batching.max-batch-size=0", "batching.queue-capacity=0", "batching.max-queue-delay=-1ms",
            "prediction.deadline=0s", "web.max-body-size=x", "web.max-batch-requests=0" })
    void aValueThatMakesNoSenseStopsTheStart(String setting) {
        server.withPropertyValues("modelserver." + setting)
            .run((context) -> assertThat(context).hasFailed().getFailure().hasMessageContaining("modelserver"));
    }

    @Test
    void routesAreListsAndOneThatMakesNoSenseStopsTheStart() {
        server
            .withPropertyValues("modelserver.routes[0].symbols=BTC*, ETHUSDT", "modelserver.routes[0].timeframes=1h,4h",
                    "modelserver.routes[0].model=m")
            .run((context) -> assertThat(context.getBean(ModelServerProperties.class).routes())
                .containsExactly(new RouteProperties(List.of("BTC*", "ETHUSDT"), List.of("1h", "4h"), "m")));
        server.withPropertyValues("modelserver.routes[0].symbols=*USDT", "modelserver.routes[0].model=m")
            .run((context) -> assertThat(context).hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("modelserver.routes[0].symbols: expected"));
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aSettingThatThereIsNotIsTold(CapturedOutput log) {
        server.withPropertyValues("modelserver.batching.max-batch=4", "modelserver.prediction.deadline=7s")
            .run((context) -> {
                assertThat(context.getBean(ModelServerProperties.class).prediction().deadline()).hasSeconds(7);
                assertThat(log.getAll().lines()).singleElement()
                    .asString()
                    .contains(" WARN ", "unknown setting modelserver.batching.max-batch ");
            });
    }

    @Test
    void oneOfSecurityThatThereIsNotStopsTheStart() {
        server.withPropertyValues("modelserver.security.require-key-for-predictions=true")
            .run((context) -> assertThat(context).hasFailed()
                .getFailure()
                .rootCause()
                .hasMessageContaining("modelserver.security.require-key-for-predictions"));
    }

    @Test
    void windowsAreBoundedByMemoryAndMissingPeriodsUnlessTheFormerSettingsSayOtherwise() {
        server.run((context) -> {
            WindowSettings settings = context.getBean(ModelServerProperties.class).window().settings();
            assertThat(settings.maxMissing()).isEqualTo(10);
            assertThat(settings.maxGapMillis()).isEqualTo(WindowSettings.NO_MAX_GAP);
            assertThat(settings.maxWindows()).isEqualTo(WindowSettings.UNLIMITED);
            assertThat(settings.maxMemory()).isEqualTo((long) (Runtime.getRuntime().maxMemory() * 0.55));
        });
        server.withPropertyValues("modelserver.window.max-gap=2h", "modelserver.window.max-windows=1000")
            .run((context) -> {
                WindowSettings settings = context.getBean(ModelServerProperties.class).window().settings();
                assertThat(settings.maxMissing()).isEqualTo(WindowSettings.UNLIMITED);
                assertThat(settings.maxGapMillis()).isEqualTo(7_200_000);
                assertThat(settings.maxWindows()).isEqualTo(1000);
            });
        server
            .withPropertyValues("modelserver.window.max-gap=2h", "modelserver.window.max-missing=3",
                    "modelserver.window.max-memory=1MB")
            .run((context) -> {
                WindowSettings settings = context.getBean(ModelServerProperties.class).window().settings();
                assertThat(settings.maxMissing()).isEqualTo(3);
                assertThat(settings.maxMemory()).isEqualTo(1 << 20);
            });
    }

    @Test
    void namesOfSettingsMayBeWrittenAsSpringBootTakesThem() {
        server
            .withPropertyValues("modelserver.batching.maxBatchSize=4",
                    "modelserver.security.require_key_for_predict=true",
                    "modelserver.security.cors-allowed-origins[0]=https://a.example")
            .run((context) -> {
                assertThat(context.getBean(ModelServerProperties.class).batching().maxBatchSize()).isEqualTo(4);
                assertThat(context.getBean(ModelServerProperties.class).security().requireKeyForPredict()).isTrue();
            });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ModelServerProperties.class)
    static class Settings {

        @Bean
        static UnknownSettings unknownSettings() {
            return new UnknownSettings();
        }

    }

}
