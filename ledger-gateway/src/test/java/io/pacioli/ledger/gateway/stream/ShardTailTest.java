package io.pacioli.ledger.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.gateway.stream.ShardTail.Found;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ShardTailTest {
    private static final int SHARD = 3;
    private static final View ALICE = new View.OfAccount("alice");
    private static final View GOLD = new View.OfAsset("GOLD");
    private static final Signal SIGNAL = new Signal();

    private final List<ConsumerRecord<byte[], byte[]>> journal = new ArrayList<>();
    private Hash hash = Hash.ZERO;

    /** Entries 1 to {@code count}; every third concerns alice, every second of those GOLD too, and offsets are twice the sequences. */
    private void journal(int count) {
        for (long sequence = journal.size() + 1L; sequence <= count; sequence++) {
            journal.add(record(entry(sequence)));
        }
    }

    private static Entry entry(long sequence) {
        Event event = sequence % 3 == 0 && sequence % 2 != 0
                ? new Event.AccountFrozen("alice", "", Map.of())
                : new Event.HoldExpired("h", "alice");
        String account = sequence % 3 == 0 ? "alice" : "bob";
        String asset = sequence % 3 == 0 ? "GOLD" : "POINTS";
        List<Posting> postings = event instanceof Event.AccountFrozen
                ? List.of()
                : List.of(posting(account, asset, Bucket.HELD, -1), posting(account, asset, Bucket.AVAILABLE, 1));
        return new Entry(SHARD, sequence, null, null, "x@1", sequence, event, postings);
    }

    private static Posting posting(String account, String asset, Bucket bucket, int amount) {
        return new Posting(account, bucket, asset, BigInteger.valueOf(amount), BigInteger.TEN, 1);
    }

    private ConsumerRecord<byte[], byte[]> record(Entry entry) {
        SealedEntry sealed = JournalCodec.encode(entry, hash);
        hash = sealed.hash();
        return new ConsumerRecord<>("journal", SHARD, 2 * entry.sequence(), new byte[0], sealed.bytes());
    }

    private ShardTail live(int entries, long weightMax) {
        journal(entries);
        ShardTail tail = new ShardTail(SHARD, weightMax);
        tail.watch(ALICE, SIGNAL);
        tail.start(0, 2L * entries + 1);
        tail.append(journal);
        assertThat(tail.arrived(2L * entries + 1)).isEmpty();
        assertThat(tail.isLive()).isTrue();
        return tail;
    }

    private static List<Long> sequences(Optional<Found> found) {
        return found.orElseThrow().entries().stream().map(RecentEntry::sequence).toList();
    }

    @Test
    void findsWhatConcernsAViewWhetherOrNotItWasWatched() {
        ShardTail tail = live(12, 1 << 20);
        assertThat(sequences(tail.after(ALICE, 0, 10))).containsExactly(3L, 6L, 9L, 12L);
        assertThat(sequences(tail.after(GOLD, 0, 10))).containsExactly(6L, 12L);
        assertThat(sequences(tail.after(ALICE, 6, 1))).containsExactly(9L);
        assertThat(tail.after(ALICE, 6, 1).orElseThrow().to()).isEqualTo(9);
        assertThat(tail.after(ALICE, 9, 10).orElseThrow().to()).isEqualTo(12);
        tail.watch(GOLD, SIGNAL);
        assertThat(sequences(tail.after(GOLD, 0, 10))).containsExactly(6L, 12L);
        journal(18);
        tail.append(journal.subList(12, 18));
        assertThat(sequences(tail.after(GOLD, 6, 10))).containsExactly(12L, 18L);
        assertThat(sequences(tail.after(GOLD, 12, 10))).containsExactly(18L);
    }

    @Test
    void aStreamThatIsAheadOfTheTailIsNotSetBack() {
        ShardTail tail = live(10, 1 << 20);
        assertThat(tail.after(ALICE, 14, 10).orElseThrow()).isEqualTo(new Found(List.of(), 14));
    }

    @Test
    void saysWhenItDoesNotReachBack() {
        ShardTail tail = live(500, 1 << 16);
        long first = 1;
        while (tail.after(ALICE, first - 1, 1).isEmpty()) {
            first++;
        }
        assertThat(first).isBetween(400L, 499L);
        assertThat(tail.after(ALICE, first - 2, 1)).isEmpty();
        assertThat(sequences(tail.after(ALICE, first - 1, 1_000))).hasSize((int) (500 / 3 - (first - 1) / 3));
    }

    @Test
    void goesFurtherBackUntilItHasSeenAnEntry() {
        journal(1);
        ShardTail tail = new ShardTail(SHARD, 1 << 20);
        tail.watch(ALICE, SIGNAL);
        tail.start(0, 100_000);
        assertThat(tail.nextOffset()).isEqualTo(98_000);
        assertThat(tail.arrived(100_000)).hasValue(92_000);
        assertThat(tail.arrived(100_000)).hasValue(68_000);
        assertThat(tail.isLive()).isFalse();
        assertThat(tail.arrived(100_000)).hasValue(0);
        tail.append(journal);
        assertThat(tail.arrived(100_000)).isEmpty();
        assertThat(tail.isLive()).isTrue();
        assertThat(tail.last()).isEqualTo(1);
    }

    @Test
    void aJournalWithoutEntriesEndsAtZeroAndOneThatLostThemFails() {
        ShardTail empty = new ShardTail(SHARD, 1 << 20);
        empty.start(0, 0);
        assertThat(empty.arrived(0)).isEmpty();
        assertThat(empty.isLive()).isTrue();
        assertThat(empty.last()).isZero();
        assertThat(empty.after(ALICE, 0, 10).orElseThrow()).isEqualTo(new Found(List.of(), 0));
        ShardTail lost = new ShardTail(SHARD, 1 << 20);
        lost.start(50, 50);
        assertThat(lost.arrived(50)).isEmpty();
        assertThat(lost.failure()).contains("lost its entries");
    }

    @Test
    void aRecordThatDoesNotContinueTheJournalFailsTheShard() {
        ShardTail gap = live(5, 1 << 20);
        journal(7);
        gap.append(List.of(journal.get(6)));
        assertThat(gap.failure()).contains("behind 3:5").contains("must follow 5: sequence=7");
        journal.clear();
        hash = Hash.ZERO;
        ShardTail torn = live(5, 1 << 20);
        hash = Hash.of(new byte[1]);
        journal(6);
        torn.append(List.of(journal.get(5)));
        assertThat(torn.failure()).contains("must name the hash before it");
        assertThat(torn.last()).isEqualTo(5);
    }

    @Test
    void isForgottenOnlyWhenNobodyWatches() {
        ShardTail tail = live(1, 1 << 20);
        assertThat(tail.isUnwatchedFor(0)).isFalse();
        tail.leave(ALICE, SIGNAL);
        assertThat(tail.isUnwatchedFor(-1)).isTrue();
        assertThat(tail.isUnwatchedFor(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void aPassGivesEachStreamWhatItHasMissedAndNothingElse() {
        journal(3_000);
        ShardTail tail = live(3_000, 1);
        MissedPart first = new MissedPart(tail, ALICE, 100, SIGNAL);
        MissedPart later = new MissedPart(tail, ALICE, 2_900, SIGNAL);
        MissedPart gold = new MissedPart(tail, GOLD, 2_000, SIGNAL);
        JournalPass pass = new JournalPass(List.of(first, later, gold));
        journal.subList(90, 2_990).forEach(pass::take);
        pass.end();
        assertThat(first.events()).hasSize(MissedPart.EVENTS_MAX);
        assertThat(first.events().getFirst().sequence()).isEqualTo(102);
        assertThat(first.to()).isEqualTo(first.events().getLast().sequence()).isEqualTo(102 + 3 * 255);
        assertThat(later.events())
                .extracting(StreamEvent::sequence)
                .startsWith(2_901L, 2_904L)
                .hasSize(30);
        assertThat(later.to()).isEqualTo(2_990);
        assertThat(gold.events()).extracting(StreamEvent::sequence).allMatch(sequence -> sequence % 6 == 0);
        assertThat(gold.to()).isEqualTo(2_990);
    }

    @Test
    void whoNeedsWhatIsDamagedIsToldAndWhoIsFurtherOnIsNot() {
        ShardTail tail = live(10, 1 << 20);
        MissedPart at = new MissedPart(tail, ALICE, 5, SIGNAL);
        MissedPart further = new MissedPart(tail, ALICE, 8, SIGNAL);
        JournalPass pass = new JournalPass(List.of(at, further));
        pass.fail("damaged");
        pass.end();
        assertThat(at.failure()).isEqualTo("damaged");
        assertThat(further.failure()).isEmpty();
        MissedPart before = new MissedPart(tail, ALICE, 5, SIGNAL);
        JournalPass progress = new JournalPass(List.of(before));
        progress.take(journal.get(5));
        progress.fail("damaged");
        progress.end();
        assertThat(before.failure()).isEmpty();
        assertThat(before.to()).isEqualTo(6);
    }

    @Test
    void rejectionsConcernNobody() {
        Event rejected = new Event.CommandRejected(
                "Transfer", "alice", new Rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "1", "2"));
        assertThat(View.of(new Entry(SHARD, 1, "c", null, "x@1", 1, rejected, List.of())))
                .isEmpty();
    }
}
