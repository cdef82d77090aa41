package io.pacioli.ledger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class StateCommandTest {
    /** Anybody may open an account under such a name. */
    @Test
    void anAccountThatASpreadsheetWouldTakeForAFormulaIsText() {
        Holding holding = Holding.empty("GOLD").with(Bucket.AVAILABLE, BigInteger.valueOf(-7));

        assertThat(StateCommand.csv(2, "=HYPERLINK(\"http://x\",\"y\")", holding))
                .isEqualTo("2,\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",GOLD,-7,0,0,0");
        assertThat(StateCommand.csv(0, "user-1", holding)).isEqualTo("0,user-1,GOLD,-7,0,0,0");
        assertThat(StateCommand.csv(0, "@GOLD", holding)).isEqualTo("0,'@GOLD,GOLD,-7,0,0,0");
    }
}
