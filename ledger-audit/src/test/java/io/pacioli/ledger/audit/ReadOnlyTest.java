package io.pacioli.ledger.audit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Whatever is replayed, asked or decided again here, nothing of it can get back to the topics: only the notary writes, and nothing calls it. */
final class ReadOnlyTest {
    private static final int CLASSES_MIN = 50;
    private static final String NOTARY = "io.pacioli.ledger.audit.notary..";

    @Test
    void nothingHereCanWriteToTheTopics() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.pacioli.ledger.audit");

        assertThat(classes).hasSizeGreaterThan(CLASSES_MIN);
        noClasses()
                .that()
                .resideOutsideOfPackage(NOTARY)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.clients.producer..", "org.apache.kafka.clients.admin..", NOTARY)
                .orShould()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("LedgerClient")
                .because("an audit needs no right to write, and a what-if must not have one")
                .check(classes);
    }
}
