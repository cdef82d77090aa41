package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ViolationsTest {
    @Test
    void whatRepeatsIsCountedAndLeavesRoomForTheOthers() {
        Violations violations = new Violations();
        for (int i = 0; i <= Violations.KEPT_MAX; i++) {
            violations.add("again and again");
        }
        violations.add("another");

        assertThat(violations.first()).containsExactly("again and again", "another");
        assertThat(violations.count()).isEqualTo(Violations.KEPT_MAX + 2);
    }
}
