package io.modelserver;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

class ArchitectureTest {

    private static final String[] CORE = { "..inference..", "..batching..", "..registry..", "..serving..",
            "..trading..", "..window..", "..storage..", "..security..", "..experiment..", "..drift.." };

    private final JavaClasses server = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("io.modelserver");

    @Test
    void packagesUseOnlyThoseBelowThem() {
        Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("inference")
            .definedBy("io.modelserver.inference..")
            .layer("djl")
            .definedBy("io.modelserver.djl..")
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
            .layer("config")
            .definedBy("io.modelserver.config..")
            .whereLayer("config")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers("config")
            .whereLayer("djl")
            .mayOnlyBeAccessedByLayers("config")
            .whereLayer("monitoring")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("front")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("trading")
            .mayOnlyBeAccessedByLayers("ledger", "monitoring", "front", "web", "config")
            .whereLayer("serving")
            .mayOnlyBeAccessedByLayers("trading", "ledger", "monitoring", "front", "web", "config")
            .whereLayer("registry")
            .mayOnlyBeAccessedByLayers("serving", "monitoring", "front", "web", "config")
            .whereLayer("batching")
            .mayOnlyBeAccessedByLayers("registry", "serving", "monitoring", "config")
            .whereLayer("window")
            .mayOnlyBeAccessedByLayers("trading", "monitoring", "web", "config")
            .whereLayer("security")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("experiment")
            .mayOnlyBeAccessedByLayers("ledger", "serving", "trading", "monitoring", "web", "config")
            .whereLayer("ledger")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("drift")
            .mayOnlyBeAccessedByLayers("registry", "monitoring", "web", "config")
            .whereLayer("storage")
            .mayOnlyBeAccessedByLayers("registry", "window")
            .check(server);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.modelserver.(*)..").should().beFreeOfCycles().check(server);
    }

    @Test
    void theCoreKnowsNoSpring() {
        noClasses().that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework..")
            .check(server);
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
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "org.slf4j..", "io.modelserver.inference..",
                    "io.modelserver.experiment..", "org.apache.commons.codec..", "org.apache.commons.statistics..",
                    "org.apache.commons.numbers..", "org.HdrHistogram..")
            .check(server);
    }

    @Test
    void onlyItsAdapterKnowsTheEngine() {
        noClasses().that()
            .resideOutsideOfPackage("..djl..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..", "ai.onnxruntime..", "com.sun.jna..", "com.google.protobuf..")
            .check(server);
    }

    @Test
    void onlyMonitoringAndWiringKnowMetersAndActuator() {
        noClasses().that()
            .resideOutsideOfPackages("..monitoring..", "..config..")
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
            .resideOutsideOfPackages("..ledger..", "..config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..",
                    "org.springframework.transaction..", "org.flywaydb..")
            .check(server);
    }

}
