package io.pacioli.ledger.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The core is pure: what it may use, and what it may not ask of the machine that it runs on. */
class ArchitectureTest {
    /** Fewer classes than this mean that the import is broken, and the rules would hold for nothing. */
    private static final int CLASSES_MIN = 50;

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pacioli.ledger.core");

    private static final Set<String> IMPURE_METHODS = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.identityHashCode",
            "java.lang.System.getenv",
            "java.lang.System.getProperty",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.Locale.getDefault",
            "java.util.TimeZone.getDefault",
            "java.time.Instant.now",
            "java.lang.Object.hashCode",
            "java.util.Collections.shuffle",
            "java.lang.Double.parseDouble",
            "java.lang.Double.valueOf",
            "java.math.BigInteger.doubleValue",
            "java.math.BigInteger.floatValue");

    private static final Set<String> FLOATING =
            Set.of("double", "float", "double[]", "float[]", "java.lang.Double", "java.lang.Float");

    @Test
    void sawTheClassesOfTheCore() {
        assertThat(CORE.size()).isGreaterThanOrEqualTo(CLASSES_MIN);
        assertThat(CORE.contain(Ledger.class)).isTrue();
        assertThat(CORE.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void dependsOnTheJdkAndJSpecifyOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.pacioli.ledger.core..", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void hasNoWayOut() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.net..", "java.nio..", "java.sql..", "java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(util\\.(Random|SplittableRandom|Timer|random\\..*)|time\\.(?!Instant$).*)")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(CORE);
    }

    @Test
    void asksForNoTimeNoChanceAndNoSettings() {
        noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "is impure: one of " + IMPURE_METHODS, access -> isImpure(access.getTarget())))
                .check(CORE);
    }

    @Test
    void declaresNothingInFloatingPoint() {
        classes().should(declareNothingInFloatingPoint()).check(CORE);
    }

    @Test
    void rulesWouldSeeAViolation() {
        JavaClasses impure = new ClassFileImporter().importClasses(Impure.class);
        assertThat(noClasses()
                        .should()
                        .accessTargetWhere(
                                DescribedPredicate.describe("is impure", access -> isImpure(access.getTarget())))
                        .evaluate(impure)
                        .hasViolation())
                .isTrue();
        assertThat(classes()
                        .should(declareNothingInFloatingPoint())
                        .evaluate(impure)
                        .hasViolation())
                .isTrue();
    }

    private static boolean isImpure(AccessTarget target) {
        return IMPURE_METHODS.contains(target.getOwner().getName() + "." + target.getName());
    }

    private static ArchCondition<JavaClass> declareNothingInFloatingPoint() {
        return new ArchCondition<>("declare no field, parameter or result in floating point") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream<JavaClass> fields = type.getFields().stream().map(JavaField::getRawType);
                Stream<JavaClass> results = type.getCodeUnits().stream().map(JavaCodeUnit::getRawReturnType);
                Stream<JavaClass> parameters =
                        type.getCodeUnits().stream().flatMap(unit -> unit.getRawParameterTypes().stream());
                Stream.of(fields, results, parameters)
                        .flatMap(types -> types)
                        .filter(used -> FLOATING.contains(used.getName()))
                        .forEach(used -> events.add(
                                SimpleConditionEvent.violated(type, type.getName() + " declares " + used.getName())));
            }
        };
    }

    /** Breaks the rules, to show that they bite. */
    private static final class Impure {
        private final double ratio;

        private Impure() {
            ratio = System.currentTimeMillis();
        }

        @Override
        public String toString() {
            return Double.toString(ratio);
        }
    }
}
