package io.pacioli.ledger.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.testkit.fuzz.Corpus.Kind;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A few seconds of what {@code ./ledger fuzz} does for minutes. Repeat a run with {@code -Dtest.jvm.args=-Dledger.seed=N}. */
class DecoderFuzzTest {
    private static final long SEED = Long.getLong("ledger.seed", 20_261_124L);
    private static final long INPUTS = Long.getLong("ledger.inputs", 300_000L);

    @Test
    void everyDecoderRefusesOrReads() {
        FuzzReport report = new DecoderFuzz(SEED, Decoders.all(SEED)).run(INPUTS, number -> {});

        assertThat(report.inputs()).isEqualTo(INPUTS);
        // The mutations are neither too tame nor too wild to reach what is behind the parser.
        assertThat(report.targets()).allSatisfy((name, counts) -> {
            assertThat(counts.accepted()).as(name).isGreaterThan(INPUTS / 1_000);
            assertThat(counts.refused()).as(name).isGreaterThan(INPUTS / 100);
        });
    }

    @Test
    void everyTypeOfMessageIsMutated() {
        Corpus corpus = Corpus.of(SEED);

        assertThat(types(corpus, Kind.COMMAND)).containsExactlyInAnyOrderElementsOf(names(Command.class));
        assertThat(types(corpus, Kind.ENTRY)).containsExactlyInAnyOrderElementsOf(names(Event.class));
        assertThat(types(corpus, Kind.TRANSIT)).containsExactlyInAnyOrderElementsOf(names(Transit.class));
    }

    @Test
    void whatIsAnsweredOtherwiseIsFoundWithItsInput() {
        FuzzTarget careless = new FuzzTarget() {
            @Override
            public String name() {
                return "careless";
            }

            @Override
            public List<String> samples() {
                return List.of("{\"n\":12}");
            }

            @Override
            public void read(byte[] input, SplittableRandom random) {
                if (input.length > 20) {
                    throw new NumberFormatException("too long");
                }
            }
        };

        assertThatThrownBy(() -> new DecoderFuzz(1, List.of(careless)).run(10_000, number -> {}))
                .isInstanceOf(FuzzFailure.class)
                .hasMessageContainingAll("careless", "seed=1", "number=", "input=")
                .hasCauseInstanceOf(NumberFormatException.class);
    }

    private static List<String> types(Corpus corpus, Kind kind) {
        return corpus.messages(kind).stream()
                .map(message -> message.replaceFirst("^.*?\"type\":\"(\\w+)\".*$", "$1"))
                .distinct()
                .toList();
    }

    private static List<String> names(Class<?> sealed) {
        return List.of(sealed.getPermittedSubclasses()).stream()
                .map(Class::getSimpleName)
                .toList();
    }
}
