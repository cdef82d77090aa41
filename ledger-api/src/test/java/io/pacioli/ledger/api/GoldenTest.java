package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Transit;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Golden#all")
    void writesExactlyTheseBytes(Golden golden) {
        assertThat(new String(golden.encode().get(), StandardCharsets.UTF_8))
                .isEqualTo(new String(golden.file(), StandardCharsets.UTF_8));
        assertThat(golden.encode().get()).isEqualTo(golden.file());
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Golden#all")
    void readsThemBack(Golden golden) {
        assertThat(golden.reencode().apply(golden.file())).isEqualTo(golden.file());
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Golden#all")
    void findsJournalEntriesIntact(Golden golden) {
        assertThat(JournalCodec.isIntact(golden.file()))
                .isEqualTo(golden.schema().equals("journal-entry"));
    }

    @Test
    void hasAFileForEveryTypeOfMessage() {
        Set<Class<?>> types = Stream.of(Command.class, Event.class, Transit.class, Outcome.class)
                .flatMap(type -> Stream.of(type.getPermittedSubclasses()))
                .collect(Collectors.toSet());
        assertThat(types).hasSizeGreaterThanOrEqualTo(48);
        assertThat(Golden.all().map(Golden::type)).containsAll(types);
    }
}
