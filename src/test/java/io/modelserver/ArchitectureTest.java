package io.modelserver;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.core.NestedExceptionUtils;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

class ArchitectureTest {

    /** Of a room's wiring, with what is nested in it. */
    private static final String WIRING = ".*(Configuration|Properties)(\\$.*)?";

    private static final int MOST_PARAMETERS = 5;

    private static final JavaClasses server = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("io.modelserver");

    @Test
    void packagesUseOnlyThoseBelowThem() {
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("inference")
            .definedBy("io.modelserver.inference..")
            .layer("engine")
            .definedBy("io.modelserver.engine..")
            .layer("batching")
            .definedBy("io.modelserver.batching..")
            .layer("registry")
            .definedBy("io.modelserver.registry..")
            .layer("storage")
            .definedBy("io.modelserver.storage..")
            .layer("window")
            .definedBy("io.modelserver.window..")
            .layer("security")
            .definedBy("io.modelserver.security..")
            .layer("experiment")
            .definedBy("io.modelserver.experiment..")
            .layer("ledger")
            .definedBy("io.modelserver.ledger..")
            .layer("drift")
            .definedBy("io.modelserver.drift..")
            .layer("serving")
            .definedBy("io.modelserver.serving..")
            .layer("trading")
            .definedBy("io.modelserver.trading..")
            .layer("front")
            .definedBy("io.modelserver.front..")
            .layer("monitoring")
            .definedBy("io.modelserver.monitoring..")
            .layer("web")
            .definedBy("io.modelserver.web..")
            .layer("lifecycle")
            .definedBy("io.modelserver.lifecycle..")
            .layer("app")
            .definedBy("io.modelserver.app..")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers("app")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("batching", "registry", "app")
            .whereLayer("monitoring")
            .mayOnlyBeAccessedByLayers("web", "app")
            .whereLayer("prediction")
            .mayOnlyBeAccessedByLayers("ledger", "monitoring", "web", "app")
            .whereLayer("registry")
            .mayOnlyBeAccessedByLayers("prediction", "ledger", "monitoring", "web", "app")
            .whereLayer("batching")
            .mayOnlyBeAccessedByLayers("registry", "prediction", "monitoring", "app")
            .whereLayer("window")
            .mayOnlyBeAccessedByLayers("prediction", "monitoring", "web", "app")
            .whereLayer("security")
            .mayOnlyBeAccessedByLayers("web", "app")
            .whereLayer("experiment")
            .mayOnlyBeAccessedByLayers("ledger", "prediction", "monitoring", "web", "app")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("monitoring", "web", "app")
            .whereLayer("drift")
            .mayOnlyBeAccessedByLayers("registry", "monitoring", "web", "app")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers("registry", "window")
            .whereLayer("lifecycle")
            .mayNotAccessAnyLayer()
            .check(server);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.modelserver.(*)..").should().beFreeOfCycles().check(server);
    }

    /** Of Spring, the ledger uses JDBC beside it, and monitoring the port of health. */
    @Test
    void onlyWiringKnowsSpring() {
        noClasses().that()
            .resideOutsideOfPackages("io.modelserver", "..app..", "..web..", "..lifecycle..")
            .and()
            .haveNameNotMatching(WIRING)
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework..")
                .and(resideOutsideOfPackages("org.springframework.jdbc..", "org.springframework.transaction..",
                        "org.springframework.dao..", "org.springframework.boot.health.."))
                .and(not(equivalentTo(NestedExceptionUtils.class))))
            .check(server);
    }

    @Test
    void nothingIsMadeOfManyThings() {
        methods().that().areAnnotatedWith(Bean.class).should(haveFewParameters()).check(server);
    }

    private static ArchCondition<JavaMethod> haveFewParameters() {
        return ArchCondition.from(DescribedPredicate.describe("have at most %d parameters".formatted(MOST_PARAMETERS),
                (method) -> method.getRawParameterTypes().size() <= MOST_PARAMETERS));
    }

    @Test
    void inferenceKnowsNothingButTheJdk() {
        classes().that()
            .resideInAPackage("..inference..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.modelserver.inference..")
            .check(server);
    }

    @Test
    void experimentsAreArithmeticOverTheirValues() {
        classes().that()
            .resideInAPackage("..experiment..")
            .and()
            .haveNameNotMatching(WIRING)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "org.slf4j..", "io.modelserver.inference..",
                    "io.modelserver.experiment..", "org.apache.commons.codec..", "org.apache.commons.statistics..",
                    "org.apache.commons.numbers..", "org.HdrHistogram..")
            .check(server);
    }

    @Test
    void onlyWiringKnowsTheEngines() {
        noClasses().that()
            .resideOutsideOfPackages("io.modelserver.engine.*..", "..app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.modelserver.engine.*..")
            .check(server);
    }

    @Test
    void onlyItsOwnPackageKnowsAnEngine() {
        onlyKnownBy("..engine.torch..", "ai.djl..");
        onlyKnownBy("..engine.onnx..", "ai.onnxruntime..", "com.sun.jna..", "com.google.protobuf..");
    }

    private void onlyKnownBy(String adapter, String... engine) {
        noClasses().that()
            .resideOutsideOfPackage(adapter)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(engine)
            .check(server);
    }

    @Test
    void onlyMonitoringKnowsMetersAndActuator() {
        noClasses().that()
            .resideOutsideOfPackage("..monitoring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "org.springframework.boot.actuate..",
                    "org.springframework.boot.health..")
            .check(server);
    }

    @Test
    void onlyTheWebKnowsHttp() {
        noClasses().that()
            .resideOutsideOfPackages("..web..", "..front..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.http..",
                    "org.springframework.security..")
            .check(server);
    }

    @Test
    void servingAndTradingKnowNoJson() {
        noClasses().that()
            .resideInAnyPackage("..serving..", "..trading..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
            .check(server);
    }

    @Test
    void servingKnowsNoSignal() {
        noClasses().that()
            .resideInAPackage("..serving..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(".*\\.(Direction|HeadResult|Prediction|Probabilities)")
            .check(server);
    }

    @Test
    void whatReadsJsonKnowsNoHttp() {
        noClasses().that()
            .resideInAPackage("..front.json..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.springframework..")
            .check(server);
    }

    @Test
    void onlyTheLedgerKnowsTheDatabase() {
        noClasses().that()
            .resideOutsideOfPackage("..ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..",
                    "org.springframework.transaction..", "org.springframework.dao..", "org.flywaydb..",
                    "com.zaxxer.hikari..")
            .check(server);
    }

}
