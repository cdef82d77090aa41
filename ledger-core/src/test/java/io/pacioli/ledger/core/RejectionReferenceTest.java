package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference for people is what the code says. */
class RejectionReferenceTest {
    private static final Path FILE = Path.of("..", "docs", "rejections.md");
    private static final String WRITE = "rejections.write";
    private static final String REGENERATE =
            "mvn -pl ledger-core test -Dtest=RejectionReferenceTest -D" + WRITE + "=true";

    @Test
    void isWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, reference());
        }
        assertThat(Files.readString(FILE))
                .as("docs/rejections.md, which %s writes anew", REGENERATE)
                .isEqualTo(reference());
    }

    @Test
    void everyRejectionHasARuleAndAMeaningOfItsOwnThatFitIntoATable() {
        assertThat(Rejection.values()).allSatisfy(rejection -> {
            assertThat(rejection.rule()).startsWith("must ").doesNotContain("|").doesNotEndWith(".");
            assertThat(rejection.meaning()).matches("[A-Z][^|]*\\.");
        });
        assertThat(Arrays.stream(Rejection.values()).map(Rejection::rule)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(Rejection.values()).map(Rejection::meaning)).doesNotHaveDuplicates();
    }

    private static String reference() {
        return """
                # Rejections

                Why a command is rejected, or a credit or a transaction refused by another shard. The rules are checked in the order of
                this table: a command that breaks several is rejected for the first. Only CaptureHold and ReverseTransfer check what
                concerns the payee last, as the hold or the transfer must be found first. Codes are stable; new ones may come between
                old ones.

                A rejection has the code, the field that broke the rule, what would have been allowed and what was asked for, and says
                all of it in one sentence: `%s`.

                | Code | Rule | Meaning |
                |---|---|---|
                %s

                Generated from the code; to write it anew:

                    %s
                """.formatted(
                        new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "8750", "10000").message(),
                        Arrays.stream(Rejection.values())
                                .map(rejection -> "| `%s` | field %s | %s |"
                                        .formatted(rejection, rejection.rule(), rejection.meaning()))
                                .collect(Collectors.joining("\n")),
                        REGENERATE);
    }
}
