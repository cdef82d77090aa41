package io.pacioli.ledger.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Leg;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ShardFoldTest {
    private static final int DAMAGED = 20;

    private final ScratchLedger ledger = ScratchLedger.inUse();

    @Test
    void anUndamagedJournalBalances() {
        Books books = ledger.fold();

        assertThat(books.faults()).isEmpty();
        assertThat(books.balance()).isTrue();
        assertThat(books.isSettled()).isTrue();
        assertThat(books.rejections()).isPositive();
        assertThat(books.positions()).hasSize(ScratchLedger.SHARDS).allMatch(position -> position.sequence() > 0);
        AssetBooks gold = requireNonNull(books.assets().get("GOLD"));
        assertThat(gold.supply()).isEqualTo(BigInteger.valueOf(30_000));
        assertThat(gold.sum()).isZero();
        assertThat(gold.inTransit()).isZero();
        assertThat(books.assets().get("POINTS"))
                .isNotNull()
                .extracting(AssetBooks::supply)
                .isEqualTo(BigInteger.ZERO);
    }

    @Test
    void whatIsUnderWayIsAFigureAndNotADifference() {
        for (int i = 0; i < 30; i++) {
            ledger.submitUndelivered(new Command.Mint("more-" + i, "POINTS", "a" + i, Amount.of(5), Map.of()));
        }

        Books books = ledger.fold();

        assertThat(books.isSettled()).isFalse();
        assertThat(books.balance()).isTrue();
        AssetBooks points = requireNonNull(books.assets().get("POINTS"));
        assertThat(points.supply()).isEqualTo(BigInteger.valueOf(150));
        assertThat(points.inTransit()).isPositive();
    }

    @Test
    void whatIsSetAsideStaysInTheBooks() {
        int shard = ledger.shardOf("a1");
        BigInteger before = ledger.fold().holding(shard, "a1", "GOLD").available();
        ledger.submit(new Command.PlaceHold("hold", "GOLD", "a1", null, Amount.of(70), null, "", Map.of()));
        ledger.submitUndelivered(trade("open"));

        Books books = ledger.fold();

        assertThat(books.balance()).isTrue();
        assertThat(books.isSettled()).isFalse();
        assertThat(books.holding(shard, "a1", "GOLD"))
                .returns(before.subtract(BigInteger.valueOf(100)), Holding::available)
                .returns(BigInteger.valueOf(100), Holding::held);
        assertThat(requireNonNull(books.assets().get("GOLD")).inTransit()).isZero();
    }

    @Test
    void aTransactionAcrossShardsBalances() {
        int shard = ledger.shardOf("a1");
        BigInteger before = ledger.fold().holding(shard, "a1", "GOLD").available();
        ledger.submit(trade("made"));

        Books books = ledger.fold();

        assertThat(books.faults()).isEmpty();
        assertThat(books.balance()).isTrue();
        assertThat(books.isSettled()).isTrue();
        assertThat(books.holding(shard, "a1", "GOLD"))
                .returns(before.subtract(BigInteger.valueOf(30)), Holding::available)
                .returns(BigInteger.ZERO, Holding::held);
        AssetBooks gold = requireNonNull(books.assets().get("GOLD"));
        assertThat(gold.supply()).isEqualTo(BigInteger.valueOf(30_000));
        assertThat(gold.inTransit()).isZero();
    }

    /** 30 go from one account over another to a third, all on different shards. */
    private Command.Transact trade(String id) {
        int shard = ledger.shardOf("a1");
        String second = ledger.accountOn((shard + 1) % ScratchLedger.SHARDS);
        String third = ledger.accountOn((shard + 2) % ScratchLedger.SHARDS);
        Amount amount = Amount.of(30);
        List<Leg> legs = List.of(new Leg("GOLD", "a1", second, amount), new Leg("GOLD", second, third, amount));
        return new Command.Transact(id, legs, null, "", Map.of());
    }

    @Test
    void aChangedAmountIsFound() {
        byte[] record = ledger.journal(1).get(DAMAGED);
        String changed = new String(record, StandardCharsets.UTF_8).replaceFirst("\"at\":\"19", "\"at\":\"20");
        ledger.journal(1).set(DAMAGED, changed.getBytes(StandardCharsets.UTF_8));

        assertThat(fault()).contains("hash must be that of its content");
    }

    @Test
    void aForgedRecordBreaksTheChainBehindIt() {
        List<byte[]> journal = ledger.journal(1);
        JournalRecord next = JournalCodec.decode(journal.get(DAMAGED + 1));
        JournalRecord record = JournalCodec.decode(journal.get(DAMAGED));
        // Sealed again with another predecessor: intact in itself, but chained to nothing.
        journal.set(DAMAGED, JournalCodec.encode(record.entry(), next.hash()).bytes());

        assertThat(fault()).contains("chain must not break");
    }

    @Test
    void aMissingRecordIsFound() {
        ledger.journal(1).remove(DAMAGED);

        assertThat(fault()).contains("sequences must be gapless");
    }

    @Test
    void aDoubledRecordIsFound() {
        ledger.journal(1).add(DAMAGED, ledger.journal(1).get(DAMAGED - 1));

        assertThat(fault()).contains("sequences must be gapless");
    }

    @Test
    void swappedRecordsAreFound() {
        Collections.swap(ledger.journal(1), DAMAGED, DAMAGED + 1);

        assertThat(fault()).contains("sequences must be gapless");
    }

    @Test
    void aRecordThatIsNoEntryIsFound() {
        ledger.journal(1).set(DAMAGED, "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(fault()).contains("must be given");
    }

    /** Every damage above is at the same place, which the fault names. */
    private String fault() {
        Books books = ledger.fold();
        assertThat(books.balance()).isFalse();
        assertThat(books.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.shard()).isEqualTo(1);
            assertThat(fault.sequence()).isEqualTo(DAMAGED + 1);
            assertThat(fault.offset()).isEqualTo(2L * DAMAGED);
        });
        return books.faults().getFirst().toString();
    }
}
