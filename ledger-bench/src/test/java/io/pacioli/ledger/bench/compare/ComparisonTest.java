package io.pacioli.ledger.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static List<String> systems(String... only) {
        ComparisonSettings settings =
                new ComparisonSettings(6, 1, 100_000, 3, 5, 10, 0.99, 70, List.of(1_000), List.of(only), 42);
        return Comparison.systems(settings);
    }

    @Test
    void aWholeNameMeansThatSystemAlone() {
        assertThat(systems("Pacioli")).containsExactly("Pacioli");
    }

    @Test
    void aPartOfNamesMeansAllThatContainIt() {
        assertThat(systems("projections elsewhere", "Redis Lua, always"))
                .containsExactlyInAnyOrder(
                        "Pacioli, projections elsewhere",
                        "Redis Lua, always, unpipelined",
                        "Redis Lua, always, pipelined by 16");
    }

    @Test
    void withoutNamesAllTakeTurns() {
        assertThat(systems()).hasSizeGreaterThan(10).contains("Pacioli", "PostgreSQL, row locks, 32 connections");
        assertThat(systems("MySQL")).isEmpty();
    }
}
