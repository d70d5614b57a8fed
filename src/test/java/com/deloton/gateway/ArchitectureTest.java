package com.deloton.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "com.deloton.gateway", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String GATEWAY = "com.deloton.gateway";

    @ArchTest
    static final ArchRule theCoreKnowsNoServers = noClasses()
            .that()
            .resideInAnyPackage(GATEWAY + ".telemetry..", GATEWAY + ".ride..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "java.sql..", "javax.sql..", "io.micrometer..");

    @ArchTest
    static final ArchRule telemetryKnowsOnlyItself = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".telemetry..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..").and(not(resideInAPackage(GATEWAY + ".telemetry.."))));

    @ArchTest
    static final ArchRule rideKnowsOnlyTelemetry = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".ride..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".telemetry..", GATEWAY + ".ride.."))));

    @ArchTest
    static final ArchRule configKnowsNothingElse = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".config..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..").and(not(resideInAPackage(GATEWAY + ".config.."))));

    @ArchTest
    static final ArchRule featuresStandBesideEachOther = noClasses()
            .that()
            .resideInAnyPackage(
                    GATEWAY + ".alert..",
                    GATEWAY + ".live..",
                    GATEWAY + ".report..",
                    GATEWAY + ".webhook..",
                    GATEWAY + ".analyst..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    GATEWAY + ".ingest..", GATEWAY + ".api..", GATEWAY + ".simulate..", GATEWAY + ".local..");

    @ArchTest
    static final ArchRule eventsKnowOnlyRides = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".event..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".event..", GATEWAY + ".ride..", GATEWAY + ".telemetry.."))));

    @ArchTest
    static final ArchRule opsKnowsNoFeature = noClasses()
            .that()
            .resideInAnyPackage(GATEWAY + ".ops..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".ops..", GATEWAY + ".config.."))));

    @ArchTest
    static final ArchRule httpKnowsOnlyOpsAndConfig = noClasses()
            .that()
            .resideInAnyPackage(GATEWAY + ".http..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".http..", GATEWAY + ".ops..", GATEWAY + ".config.."))));

    @ArchTest
    static final ArchRule deliveryKnowsOnlyOps = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".delivery..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".delivery..", GATEWAY + ".ops.."))));

    @ArchTest
    static final ArchRule mailKnowsOnlyConfig = noClasses()
            .that()
            .resideInAPackage(GATEWAY + ".mail..")
            .should()
            .dependOnClassesThat(resideInAPackage(GATEWAY + "..")
                    .and(not(resideInAnyPackage(GATEWAY + ".mail..", GATEWAY + ".config.."))));

    @ArchTest
    static final ArchRule fewKnowKafka = noClasses()
            .that()
            .resideOutsideOfPackages(
                    GATEWAY + ".ingest..", GATEWAY + ".simulate..", GATEWAY + ".doctor..", GATEWAY + ".local..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.vertx.kafka..");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that(not(resideInAPackage(GATEWAY))
                    .and(not(resideInAnyPackage(GATEWAY + ".simulate..", GATEWAY + ".local..")
                            .and(simpleNameEndingWith("Command").or(simpleNameEndingWith("Main"))))))
            .should()
            .callMethodWhere(describe("it asks for the time of day", ArchitectureTest::asksForTheTime));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("com.deloton.(**)").should().beFreeOfCycles();

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertThat(packages(classes).keySet())
                .allSatisfy(name -> assertThat(classes.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }

    @ArchTest
    static void aPackageHasAtMostFifteenClasses(JavaClasses classes) {
        assertThat(packages(classes))
                .allSatisfy((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(15));
    }

    private static boolean asksForTheTime(JavaMethodCall call) {
        String method = call.getTargetOwner().getSimpleName() + "." + call.getName();
        return method.matches("(Instant|(Local|Zoned|Offset)(Date|Time|DateTime)|Year|YearMonth)\\.now"
                + "|Clock\\.(system|tick).*|InstantSource\\.system|System\\.currentTimeMillis");
    }

    private static Map<String, Long> packages(JavaClasses classes) {
        return classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    }
}
