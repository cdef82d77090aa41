package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SoakWindowsTest {
    private final SoakWindows windows = new SoakWindows();

    @Test
    void whatWarmsUpAndStaysHasNotGrown() {
        resident(100, 400, 500, 510, 512, 511);

        assertThat(windows.rows()).singleElement().satisfies(row -> {
            assertThat(row.windows()).containsExactly(100.0, 400.0, 500.0, 510.0, 512.0, 511.0);
            assertThat(row.growth()).isEmpty();
        });
    }

    @Test
    void whatGrowsToTheEndIsNamed() {
        resident(400, 450, 500, 550, 600, 650);

        assertThat(windows.rows().getFirst().growth()).isEqualTo("resident memory, MiB of broker grew from 550 to 650");
    }

    @Test
    void aSampleOfAWindowDoesNotHideTheOthersOfIt() {
        windows.add(3, SoakFigure.HEAP, "gateway", 90);
        windows.add(3, SoakFigure.HEAP, "gateway", 40);
        windows.add(3, SoakFigure.RESIDENT, "gateway", 90);
        windows.add(3, SoakFigure.RESIDENT, "gateway", 40);

        assertThat(windows.rows())
                .extracting(SoakWindows.Row::figure, row -> row.windows().get(3))
                .containsExactly(tuple(SoakFigure.RESIDENT, 90.0), tuple(SoakFigure.HEAP, 40.0));
    }

    /** A leak of one thread a minute is one of a hundred in less than two hours. */
    @Test
    void aFewThreadsMoreAreALeak() {
        IntStream.range(0, SoakWindows.COUNT)
                .forEach(window -> windows.add(window, SoakFigure.THREADS, "processor", 60 + window * 10));

        assertThat(windows.rows().getFirst().growth()).contains("threads of processor grew from 90 to 110");
    }

    /** A service that is too busy to say how much it has is not well. */
    @Test
    void whatCouldNotBeToldIsNotTakenForFlat() {
        resident(400, 450, 500, 500, 500);

        assertThat(windows.rows().getFirst().growth()).contains("resident memory, MiB of broker could not be told");
    }

    @Test
    void onlyAColdStartMayLeaveRequestsWithoutAnAnswer() {
        IntStream.range(0, SoakWindows.COUNT)
                .forEach(window -> windows.add(window, SoakFigure.UNANSWERED, "balances", window < 2 ? 7 : 0));
        assertThat(windows.rows().getFirst().growth()).isEmpty();

        windows.add(5, SoakFigure.UNANSWERED, "balances", 1);
        assertThat(windows.rows().getFirst().growth())
                .contains("requests without an answer of balances grew from 0 to 1");
    }

    @Test
    void aProjectionThatIsAlwaysFarBehindIsTold() {
        IntStream.range(0, SoakWindows.COUNT)
                .forEach(window -> windows.add(window, SoakFigure.LAG, "projection-postgres-1", 50_000));

        assertThat(windows.rows().getFirst().growth()).contains("entries behind");
    }

    @Test
    void whatIsThereToBeKeptMayGrow() {
        IntStream.range(0, SoakWindows.COUNT)
                .forEach(window -> windows.add(window, SoakFigure.DISK, "postgres", 1_000 * window));

        assertThat(windows.rows().getFirst().growth()).isEmpty();
    }

    @Test
    void filesThatAServiceLeavesOpenAreALeak() {
        IntStream.range(0, SoakWindows.COUNT)
                .forEach(window -> windows.add(window, SoakFigure.FILES, "gateway", 200 + 20 * window));

        assertThat(windows.rows().getFirst().growth()).contains("open files of gateway grew from 260 to 300");
    }

    private void resident(double... values) {
        IntStream.range(0, values.length)
                .forEach(window -> windows.add(window, SoakFigure.RESIDENT, "broker", values[window]));
    }
}
