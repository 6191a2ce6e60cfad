package io.modelserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.core.NestedExceptionUtils;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTest {

    /** Of a room's wiring, with what is nested in it. */
    private static final String WIRING = ".*(Configuration|Properties)(\\$.*)?";

    private static final int MOST_PARAMETERS = 5;

    private static final long MOST_TYPES = 25;

    private static final int MOST_LINES = 300;

    private static final String ROOT = "io.modelserver";

    private static final String FRONT = ROOT + ".front.";

    /** The door that describes the others. */
    private static final String DESCRIPTION = "openapi";

    /** Of the packages below front; every other one is a door. */
    private static final Set<String> SHARED_BY_DOORS = Set.of("access", "http", "json", "problem");

    /**
     * Who may enter which room, or which part of it, from the bottom up; the app may
     * enter all.
     */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(Map.entry("model", Set.of()),
            Map.entry("signal", Set.of("model")), Map.entry("head", Set.of("model", "signal")),
            Map.entry("consensus", Set.of("model", "signal")), Map.entry("storage", Set.of()),
            Map.entry("security", Set.of()), Map.entry("lifecycle", Set.of()), Map.entry("engine", Set.of("model")),
            Map.entry("batching", Set.of("engine", "model")), Map.entry("drift", Set.of("lifecycle", "model")),
            Map.entry("window", Set.of("lifecycle", "model", "storage")),
            Map.entry("registry",
                    Set.of("batching", "consensus", "drift", "engine", "head", "lifecycle", "model", "signal",
                            "storage")),
            Map.entry("experiment", Set.of("model", "signal")),
            Map.entry("route", Set.of("lifecycle", "registry", "window")),
            Map.entry("serving",
                    Set.of("batching", "experiment.assign", "head", "model", "registry.live", "registry.load",
                            "registry.metadata", "registry.store")),
            Map.entry("trading",
                    Set.of("consensus", "experiment", "head", "lifecycle", "model", "registry", "route", "serving",
                            "signal", "window")),
            Map.entry("oip",
                    Set.of("batching", "engine", "head", "lifecycle", "model", "registry", "serving", "signal",
                            "trading", "window")),
            Map.entry("ledger",
                    Set.of("consensus", "experiment", "lifecycle", "model", "registry", "serving", "signal",
                            "trading")),
            Map.entry("monitoring",
                    Set.of("batching", "drift", "experiment", "ledger", "lifecycle", "model", "registry", "serving",
                            "signal", "trading", "window")),
            Map.entry("front",
                    Set.of("drift", "experiment", "ledger", "lifecycle", "model", "oip", "registry", "route",
                            "security", "serving", "signal", "trading", "window")),
            Map.entry("app",
                    Set.of("batching", "drift", "engine", "experiment", "front", "ledger", "lifecycle", "model",
                            "monitoring", "oip", "registry", "route", "security", "serving", "signal", "storage",
                            "trading", "window")));

    private static final JavaClasses server = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("io.modelserver");

    @Test
    void roomsUseOnlyThoseThatTheyMay() {
        MAY_USE.forEach((room, others) -> classes().that()
            .resideInAPackage(within(room))
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage("io.modelserver..")
                .or(resideInAnyPackage(Stream.concat(Stream.of(room), others.stream())
                    .map(ArchitectureTest::within)
                    .toArray(String[]::new))))
            .check(server));
    }

    @Test
    void everyRoomIsInTheTable() {
        assertThat(server.stream().map(JavaClass::getPackageName).distinct().filter((name) -> !name.equals(ROOT)))
            .allSatisfy((name) -> assertThat(MAY_USE.keySet())
                .anyMatch((room) -> (name + ".").startsWith(ROOT + "." + room + ".")));
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.modelserver.(**)").should().beFreeOfCycles().check(server);
    }

    @Test
    void noPackageIsTooLargeToBeReadAtAGlance() {
        Map<String, Long> types = server.stream()
            .filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(types).allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(MOST_TYPES));
    }

    @Test
    void noFileIsTooLongToBeReadInOneGo() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            assertThat(files.filter((file) -> file.toString().endsWith(".java"))).isNotEmpty()
                .allSatisfy((file) -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MOST_LINES));
        }
    }

    @Test
    void doorsDoNotUseEachOther() {
        Set<String> doors = server.stream()
            .map(JavaClass::getPackageName)
            .filter((name) -> name.startsWith(FRONT))
            .map((name) -> name.substring(FRONT.length()).replaceFirst("\\..*", ""))
            .filter((name) -> !SHARED_BY_DOORS.contains(name))
            .collect(Collectors.toSet());
        assertThat(doors).contains("bots", "operators", DESCRIPTION);
        for (String door : doors) {
            if (door.equals(DESCRIPTION)) {
                continue;
            }
            noClasses().that()
                .resideInAPackage(within("front." + door))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(doors.stream()
                    .filter((other) -> !other.equals(door))
                    .map((other) -> within("front." + other))
                    .toArray(String[]::new))
                .check(server);
        }
    }

    private static String within(String room) {
        return ROOT + "." + room + "..";
    }

    /** Of Spring, the ledger uses JDBC beside it, and monitoring the port of health. */
    @Test
    void onlyWiringKnowsSpring() {
        noClasses().that()
            .resideOutsideOfPackages("io.modelserver", "..app..", "..front..", "..lifecycle..")
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
    void valuesAndHeadsKnowNothingButTheJdk() {
        classes().that()
            .resideInAnyPackage("..model..", "..signal..", "..head..", "..consensus..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "io.modelserver.model..", "io.modelserver.signal..",
                    "io.modelserver.head..", "io.modelserver.consensus..")
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
            .resideInAnyPackage("java..", "org.jspecify..", "org.slf4j..", "io.modelserver.model..",
                    "io.modelserver.signal..", "io.modelserver.experiment..", "org.apache.commons.codec..",
                    "org.apache.commons.statistics..", "org.apache.commons.numbers..", "org.HdrHistogram..")
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
        onlyKnownBy("..engine.onnx..", "ai.onnxruntime..", "com.sun.jna..");
    }

    @Test
    void onlyItsDoorKnowsGrpc() {
        onlyKnownBy("..front.grpc..", "io.grpc..", "io.netty..", "inference..", "org.springframework.grpc..");
    }

    /** One reads ONNX files, the other messages. */
    @Test
    void onlyTwoPackagesKnowProtobuf() {
        noClasses().that()
            .resideOutsideOfPackages("..engine.onnx..", "..front.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..")
            .check(server);
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
    void onlyDoorsKnowHttp() {
        noClasses().that()
            .resideOutsideOfPackage("..front..")
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
            .haveNameMatching(".*\\.(Direction|Signal|Probabilities)")
            .check(server);
    }

    @Test
    void onlyDoorsAndTheFolderKnowJson() {
        noClasses().that()
            .resideOutsideOfPackages("..front..", "..registry.metadata..", "..registry.store..", "..app..")
            .and()
            .haveNameNotMatching(WIRING)
            .and()
            .haveNameNotMatching(".*\\.ledger\\.store\\.OutputsJson")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
            .check(server);
    }

    @Test
    void onlyMetadataKnowsYaml() {
        onlyKnownBy("..registry.metadata..", "org.yaml.snakeyaml..");
    }

    @Test
    void onlyOnePackageKnowsTomcat() {
        noClasses().that()
            .resideOutsideOfPackages("..front.http..", "io.modelserver.front", "..app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..")
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
