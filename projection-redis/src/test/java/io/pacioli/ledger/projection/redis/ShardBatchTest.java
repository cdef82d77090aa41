package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.cluster.SlotHash;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.InvariantViolation;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShardBatchTest {
    private static final RedisKeys KEYS = new RedisKeys("");

    @Test
    void onlyTheLastBalanceOfEachBucketIsSent() {
        ShardBatch batch = new ShardBatch(0, Batches.START, false);
        Batches.add(batch, "alice", "GOLD", Bucket.AVAILABLE, BigInteger.valueOf(5));
        Batches.add(batch, "alice", "GOLD", Bucket.HELD, BigInteger.valueOf(2));
        Batches.add(batch, "alice", "GOLD", Bucket.AVAILABLE, BigInteger.valueOf(-7));

        ScriptCall call = batch.call(KEYS);

        assertThat(batch.entries()).isEqualTo(3);
        assertThat(call.arguments())
                .containsExactly(
                        Batches.START.text(),
                        batch.to().text(),
                        "0",
                        "1",
                        "0",
                        "GOLD",
                        "alice",
                        "GOLD",
                        "-7h2",
                        "@GOLD",
                        "GOLD",
                        "1");
        assertThat(call.keys())
                .containsExactly(
                        "{s0}:position",
                        "{s0}:assets",
                        "{s0}:leaderboard:GOLD",
                        KEYS.accounts(0, "alice"),
                        "{s0}:system");
    }

    @Test
    void definitionsAndOpenedAccountsAreSent() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.open("alice");

        ScriptCall call = Batches.of(0, Batches.START, ledger.journal(0)).call(KEYS);

        assertThat(call.arguments())
                .startsWith(Batches.START.text())
                .contains("GOLD")
                .endsWith("alice", "", "opened");
        assertThat(call.arguments()[6])
                .isEqualTo(
                        "2 {\"asset\":\"GOLD\",\"name\":\"GOLD coin\",\"symbol\":\"G\",\"emoji\":\"\",\"decimals\":2}");
    }

    @Test
    void thePositionMovesWithEachEntry() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        List<byte[]> journal = ledger.journal(0);

        ShardBatch batch = Batches.of(0, StorePosition.beginning(7, 9), journal);

        Hash last = JournalCodec.decode(journal.getLast()).hash();
        assertThat(batch.to()).isEqualTo(new StorePosition(journal.size(), 7 + journal.size(), last, 9, false));
        batch.completeRebuild();
        assertThat(batch.to().isRebuilding()).isFalse();
    }

    @Test
    void aGapIsRefusedAndChangesNothing() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.open("alice");
        List<byte[]> journal = ledger.journal(0);
        ShardBatch batch = Batches.of(0, Batches.START, journal.subList(0, 1));
        StorePosition before = batch.to();

        assertThatThrownBy(() -> batch.add(JournalCodec.decode(journal.get(2)), 2, 100))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("sequences must be gapless: entry=3 last=1");
        assertThat(batch.to()).isEqualTo(before);
        assertThat(batch.changes()).isZero();
    }

    @Test
    void theJournalOfAnotherLedgerIsRefused() {
        TestLedger ledger = new TestLedger(1);
        ledger.open("alice");
        TestLedger other = new TestLedger(1);
        other.open("bob");
        other.open("carol");
        StorePosition position = Batches.of(0, Batches.START, ledger.journal(0)).to();

        assertThatThrownBy(() -> Batches.of(0, position, other.journal(0).subList(2, 3)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageStartingWith("an entry must follow the one that the store has applied last: previous=");
    }

    @Test
    void theRecordOfAnotherShardIsRefused() {
        TestLedger ledger = new TestLedger(2);

        assertThatThrownBy(() -> Batches.of(1, Batches.START, ledger.journal(0)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("must be of this shard: entry=0 shard=1");
    }

    @Test
    void aBatchIsFullOfChangesOrBytes() {
        ShardBatch many = new ShardBatch(0, Batches.START, false);
        for (int i = 1; !many.isFull(); i++) {
            Batches.add(many, "u" + i, "GOLD", Bucket.AVAILABLE, BigInteger.ONE);
        }
        assertThat(many.changes()).isEqualTo(ShardBatch.CHANGES_MAX);
        assertThat(many.call(KEYS).arguments()).hasSizeLessThan(3 * ShardBatch.CHANGES_MAX + 10);

        TestLedger ledger = new TestLedger(1);
        byte[] record = ledger.journal(0).getFirst();
        ShardBatch large = new ShardBatch(0, Batches.START, false);
        large.add(JournalCodec.decode(record), 0, ShardBatch.BYTES_MAX);
        assertThat(large.isFull()).isTrue();
    }

    @Test
    void whatHappensIsPublishedToTheAccountAndTheAsset() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.open("alice");
        ledger.mint("GOLD", "alice", "5");

        String[] arguments =
                batch(ledger, Batches.START).call(new RedisKeys("live:")).arguments();

        assertThat(arguments[4]).isEqualTo("3");
        List<String> published = Arrays.asList(arguments).subList(arguments.length - 9, arguments.length);
        assertThat(published.get(2)).contains("\"type\":\"AccountOpened\"");
        assertThat(List.of(published.get(0), published.get(1))).containsExactly("live:account:alice", "");
        assertThat(List.of(published.get(3), published.get(4)))
                .containsExactly("live:account:@GOLD", "live:asset:GOLD");
        assertThat(List.of(published.get(6), published.get(7)))
                .containsExactly("live:account:alice", "live:asset:GOLD");
    }

    @Test
    void nothingIsPublishedOfWhatHappenedLongAgo() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.mint("GOLD", "alice", "5");

        ShardBatch batch = batch(ledger, StorePosition.beginning(0, 100));
        batch.completeRebuild();

        assertThat(batch.notifications()).isZero();
        assertThat(batch.call(KEYS).arguments()[4]).isEqualTo("0");
    }

    private static ShardBatch batch(TestLedger ledger, StorePosition from) {
        ShardBatch batch = new ShardBatch(0, from, true);
        for (byte[] record : ledger.journal(0)) {
            batch.add(JournalCodec.decode(record), batch.to().offset(), record.length);
        }
        return batch;
    }

    @Test
    void aBatchIsFullOfMessages() {
        ShardBatch batch = new ShardBatch(0, Batches.START, true);
        while (!batch.isFull()) {
            Batches.add(batch, "alice", "GOLD", Bucket.AVAILABLE, BigInteger.ONE);
        }

        assertThat(batch.notifications()).isEqualTo(ShardBatch.NOTIFICATIONS_MAX);
        assertThat(batch.call(KEYS).arguments()).hasSizeLessThan(3 * ShardBatch.NOTIFICATIONS_MAX + 20);
    }

    @Test
    void allKeysOfACallAreInOneSlot() {
        TestLedger ledger = new TestLedger(3);
        ledger.define("GOLD", 2);
        ledger.define("SILVER", 0);
        for (int i = 0; i < 50; i++) {
            ledger.mint("GOLD", "till-" + i + "{acme}", "10");
            ledger.mint("SILVER", "u{}" + i, "10");
            ledger.transfer("GOLD", "till-" + i + "{acme}", "x" + i, "3");
        }
        for (int shard = 0; shard < 3; shard++) {
            String[] keys = Batches.of(shard, Batches.START, ledger.journal(shard))
                    .call(new RedisKeys("live:"))
                    .keys();

            assertThat(Arrays.stream(keys).map(SlotHash::getSlot).collect(Collectors.toSet()))
                    .containsExactly(SlotHash.getSlot("s" + shard));
            assertThat(keys).hasSizeGreaterThan(10);
        }
    }
}
