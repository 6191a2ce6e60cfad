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

    private static final String[] CORE = { "..inference..", "..engine..", "..batching..", "..registry..",
            "..prediction..", "..window..", "..storage..", "..security..", "..experiment..", "..drift.." };

    private final JavaClasses server = new ClassFileImporter()
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
            .layer("prediction")
            .definedBy("io.modelserver.prediction..")
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
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("batching", "registry", "config")
            .whereLayer("monitoring")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("prediction")
            .mayOnlyBeAccessedByLayers("monitoring", "web", "config")
            .whereLayer("registry")
            .mayOnlyBeAccessedByLayers("prediction", "monitoring", "web", "config")
            .whereLayer("batching")
            .mayOnlyBeAccessedByLayers("registry", "prediction", "monitoring", "config")
            .whereLayer("window")
            .mayOnlyBeAccessedByLayers("prediction", "monitoring", "web", "config")
            .whereLayer("security")
            .mayOnlyBeAccessedByLayers("web", "config")
            .whereLayer("experiment")
            .mayOnlyBeAccessedByLayers("ledger", "prediction", "monitoring", "web", "config")
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
    void onlyWiringKnowsTheEngines() {
        noClasses().that()
            .resideOutsideOfPackages("io.modelserver.engine.*..", "..config..")
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
            .resideOutsideOfPackage("..web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.servlet..", "org.springframework.web..", "org.springframework.http..",
                    "org.springframework.security..")
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
