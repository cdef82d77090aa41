package io.pacioli.ledger.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Command;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DemoWorkloadTest {
    @Test
    void theSameSeedGivesTheSameCommands() {
        assertThat(new DemoWorkload(7, 100, 1_000).transfers()).isEqualTo(new DemoWorkload(7, 100, 1_000).transfers());
        assertThat(new DemoWorkload(7, 100, 1_000).transfers())
                .isNotEqualTo(new DemoWorkload(8, 100, 1_000).transfers());
    }

    @Test
    void thereAreAsManyAccountsAsAskedFor() {
        List<Command> openings = new DemoWorkload(7, 100, 1).openings();

        assertThat(openings).hasSize(100);
        assertThat(openings.stream().map(Command::account).collect(Collectors.toSet()))
                .hasSize(100);
    }

    @Test
    void mistakesAndRepetitionsAreAmongThem() {
        List<Command> commands = new DemoWorkload(7, 100, 1_000).transfers();

        assertThat(commands).hasSize(1_020);
        assertThat(commands.stream().distinct()).hasSize(1_010);
        assertThat(commands.stream().map(Command::id).distinct()).hasSize(1_000);
        assertThat(commands)
                .anyMatch(command -> command instanceof Command.Transfer transfer
                        && transfer.asset().equals("SILVER"));
    }
}
