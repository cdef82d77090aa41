package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.http.Header;
import io.pacioli.ledger.service.ProblemException;
import java.sql.SQLException;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

class RequestsTest {
    private static ProblemException problem(String state) {
        return Requests.problem(new DataAccessException("failed", new SQLException("because", state)));
    }

    @Test
    void onlyWhatMayGoAwayIsWorthTryingAgainSoon() {
        ProblemException away = problem("08006");
        assertThat(away.problem().status()).isEqualTo(503);
        assertThat(away.problem().extensions()).containsEntry("code", "STORE_UNAVAILABLE");
        assertThat(away.headers()).containsKey(Header.RETRY_AFTER);
        for (String state : new String[] {"3F000", "42P01"}) {
            assertThat(problem(state).problem().status()).isEqualTo(503);
            assertThat(problem(state).problem().extensions()).containsEntry("code", "STORE_UPGRADING");
        }
        ProblemException tooLong = problem("57014");
        assertThat(tooLong.problem().status()).isEqualTo(503);
        assertThat(tooLong.problem().extensions()).containsEntry("code", "QUESTION_TIMED_OUT");
        assertThat(tooLong.headers()).doesNotContainKey(Header.RETRY_AFTER);
    }
}
