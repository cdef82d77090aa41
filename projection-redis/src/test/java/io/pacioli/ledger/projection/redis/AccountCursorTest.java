package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountCursorTest {
    private final KafkaRouter router = new KafkaRouter(3);

    @Test
    void isReadAsItIsWritten() {
        for (String account : new String[] {"alice", "till-7{acme}/ö", "a:b:c", "🪙".repeat(64)}) {
            AccountCursor cursor = AccountCursor.after(router.shardOf(account), account);

            assertThat(cursor.text()).matches("[A-Za-z0-9_-]{1,1024}");
            assertThat(AccountCursor.parse(cursor.text(), router)).isEqualTo(cursor);
        }
        AccountCursor middle = new AccountCursor(2, 4_095, "");
        assertThat(AccountCursor.parse(middle.text(), router)).isEqualTo(middle);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0:0",
                "3:0:",
                "-1:0:",
                "0:4096:",
                "0:-1:",
                "00:0:",
                "0:+1:",
                "0:00001:",
                "x:0:",
                "0:0:alice",
                "0:0:a b"
            })
    void otherTextsAreNone(String text) {
        String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> AccountCursor.parse(encoded, router))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.rule()).isEqualTo("must be the nextCursor of the page before"));
    }

    @Test
    void whatIsNotBase64IsNone() {
        for (String text : new String[] {"%", "MDowOg==", "MDowO", "MDowOh"}) {
            assertThatThrownBy(() -> AccountCursor.parse(text, router)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void accountsAreBeforeOrBehindByHashThenId() {
        String account = "alice";
        int hash = RedisKeys.hashOf(account);

        assertThat(new AccountCursor(0, hash, "alicd").isBefore(account)).isTrue();
        assertThat(new AccountCursor(0, hash, "alice").isBefore(account)).isFalse();
        assertThat(new AccountCursor(0, hash - 1, "zzz").isBefore(account)).isTrue();
        assertThat(new AccountCursor(0, hash + 1, "").isBefore(account)).isFalse();
    }

    @Test
    void afterTheLastHashComesTheNextShard() {
        AccountCursor cursor = new AccountCursor(1, 4_000, "alice");

        assertThat(cursor.behind(95, 3)).isEqualTo(new AccountCursor(1, 4_095, ""));
        assertThat(cursor.behind(96, 3)).isEqualTo(new AccountCursor(2, 0, ""));
        assertThat(cursor.behind(96, 2)).isNull();
    }
}
