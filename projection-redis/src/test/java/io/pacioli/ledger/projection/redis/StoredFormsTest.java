package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.ConfigurationException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class StoredFormsTest {
    @Test
    void positionsAreReadAsTheyAreWritten() {
        StorePosition position = new StorePosition(1841, 2077, Hash.of(new byte[] {1}), 3000, false);

        assertThat(StorePosition.parse(position.text())).isEqualTo(position);
        assertThat(StorePosition.parse(position.refuse().text())).isEqualTo(position.refuse());
        assertThat(position.refuse().after(1842, 2078, Hash.ZERO).isRefused()).isFalse();
        assertThat(StorePosition.beginning(0, 5).isRebuilding()).isTrue();
        assertThat(StorePosition.beginning(5, 5).isRebuilding()).isFalse();
    }

    @Test
    void otherTextsAreNoPositions() {
        String zero = Hash.ZERO.hex();
        for (String text : new String[] {
            "", "1", "3 1 1 " + zero + " 0", "2 -1 1 " + zero + " 0", "2 1 1 abc 0", "2 1 1 " + zero + " 0 other"
        }) {
            assertThatThrownBy(() -> StorePosition.parse(text)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void layoutsAreToldApart() {
        assertThat(StorePosition.layout(Batches.START.text())).isEqualTo(StorePosition.Layout.CURRENT);
        assertThat(StorePosition.layout("1 7 9 " + Hash.ZERO.hex() + " 0")).isEqualTo(StorePosition.Layout.OLDER);
        assertThat(StorePosition.layout("3 and whatever comes")).isEqualTo(StorePosition.Layout.NEWER);
        for (String text : new String[] {"", "2", " 2", "-1 0", "x 1", "99999999999 1"}) {
            assertThat(StorePosition.layout(text)).as(text).isEqualTo(StorePosition.Layout.NONE);
        }
    }

    @Test
    void statusesAreRead() {
        assertThat(StoredAccount.status("")).isEqualTo(AccountStatus.OPEN);
        assertThat(StoredAccount.status("GOLD=1")).isEqualTo(AccountStatus.OPEN);
        assertThat(StoredAccount.status("frozen,GOLD=1")).isEqualTo(AccountStatus.FROZEN);
        assertThat(StoredAccount.status("closed")).isEqualTo(AccountStatus.CLOSED);
    }

    @Test
    void accountsAreReadInTheOrderOfTheirAssets() {
        assertThat(StoredAccount.holdings("frozen,SILVER=-7,GOLD=1250h20l3s4,later"))
                .containsExactly(
                        new Holding(
                                "GOLD",
                                BigInteger.valueOf(1250),
                                BigInteger.valueOf(20),
                                BigInteger.valueOf(3),
                                BigInteger.valueOf(4)),
                        new Holding(
                                "SILVER", BigInteger.valueOf(-7), BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO));
        assertThat(StoredAccount.holdings("")).isEmpty();
        assertThatThrownBy(() -> StoredAccount.holdings("GOLD=z1")).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void leadersAreExactWhateverTheirScore() {
        assertThat(Leader.parse("alice", "-1250")).isEqualTo(new Leader(0, "alice", BigInteger.valueOf(1250)));
        assertThat(Leader.parse("alice", "-1e+15").total()).isEqualTo(BigInteger.TEN.pow(15));
        assertThat(Leader.parse("alice", "3").total()).isEqualTo(BigInteger.valueOf(-3));
        assertThat(Leader.parse("830992800745259006 bob", "-9007199254740992"))
                .isEqualTo(new Leader(0, "bob", new BigInteger("9007199254740993")));
        assertThat(Leader.parse("169007199254740993 carol", "9007199254740992").total())
                .isEqualTo(new BigInteger("-9007199254740993"));
    }

    @Test
    void assetsAreReadAsTheyAreWritten() {
        AssetDefinition gold = AssetDefinition.of(new Asset("GOLD", "Gold \"fine\"", "Au", "🪙", 2, null));

        assertThat(AssetDefinition.parse(gold.text())).isEqualTo(gold);
        assertThat(AssetDefinition.decimals(gold.text())).isEqualTo(2);
        assertThat(AssetDefinition.decimals("18")).isEqualTo(18);
        assertThat(AssetDefinition.decimals("")).isNull();
    }

    @Test
    void settingsTellWhatIsWrongWithoutTellingSecrets() {
        RedisSettings settings = RedisSettings.of("redis://user:secret@example.org:6379/2");

        assertThat(settings.toString()).doesNotContain("secret");
        assertThatThrownBy(() -> RedisSettings.of("http://example.org")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> settings.withNamespace("{x}")).isInstanceOf(ConfigurationException.class);
    }
}
