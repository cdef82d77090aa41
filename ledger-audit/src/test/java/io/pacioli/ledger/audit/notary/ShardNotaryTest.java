package io.pacioli.ledger.audit.notary;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A notary signs what is as it must be, at its pace, and nothing else. */
final class ShardNotaryTest {
    private static final int SHARD = 2;
    private static final NotarySettings.Pace PACE = new NotarySettings.Pace(10, Duration.ofNanos(1_000));

    @TempDir
    private Path directory = Path.of("");

    private final List<byte[]> journal = journal(25, "lunch");
    private long nowNanos;

    @BeforeEach
    void keys() {
        SigningKey.createIfMissing(directory.resolve("key"), directory.resolve("public"));
    }

    private PublicKeys publicKeys() {
        return PublicKeys.read(directory.resolve("public"));
    }

    private ShardNotary notary() {
        SigningKey key = SigningKey.read(directory.resolve("key"), publicKeys());
        return new ShardNotary(SHARD, key, publicKeys(), PACE);
    }

    /** Mints of 5 each to one account. */
    private static List<byte[]> journal(int entries, String memo) {
        List<byte[]> records = new ArrayList<>();
        Hash head = Hash.ZERO;
        for (int i = 1; i <= entries; i++) {
            TransferTerms terms = new TransferTerms(
                    "t-" + i, TransferKind.MINT, "GOLD", "@GOLD", "alice", Amount.of(5), null, memo, Map.of());
            List<Posting> postings = List.of(posting("@GOLD", -5, i), posting("alice", 5, i));
            Entry entry = new Entry(
                    SHARD, i, "t-" + i, null, "ledger.commands-2@" + i, i, new Event.TransferPosted(terms), postings);
            var sealed = JournalCodec.encode(entry, head);
            head = sealed.hash();
            records.add(sealed.bytes());
        }
        return records;
    }

    private static Posting posting(String account, long amount, int version) {
        return new Posting(
                account,
                Bucket.AVAILABLE,
                "GOLD",
                BigInteger.valueOf(amount),
                BigInteger.valueOf(amount * version),
                version);
    }

    private void read(ShardNotary notary, int from, int to) {
        read(notary, journal, from, to);
    }

    private void read(ShardNotary notary, List<byte[]> records, int from, int to) {
        for (int i = from; i < to; i++) {
            notary.read(records.get(i), 2L * i, nowNanos);
        }
    }

    private byte[] signedAfter(int entries) {
        ShardNotary notary = notary();
        read(notary, 0, entries);
        return notary.sign();
    }

    @Test
    void signsAfterSoManyEntriesOrSomeTime() {
        ShardNotary notary = notary();
        assertThat(notary.isDue(nowNanos)).isFalse();
        read(notary, 0, 9);
        assertThat(notary.isDue(nowNanos)).isFalse();
        read(notary, 9, 10);
        assertThat(notary.isDue(nowNanos)).isTrue();
        notary.sign();
        assertThat(notary.isDue(Long.MAX_VALUE)).isFalse();
        read(notary, 10, 11);
        assertThat(notary.isDue(nowNanos + 999)).isFalse();
        assertThat(notary.isDue(nowNanos + 1_000)).isTrue();
    }

    @Test
    void whatItSignsIsLinkedAndSaysWhereTheJournalIs() {
        ShardNotary notary = notary();
        read(notary, 0, 10);
        byte[] first = notary.sign();
        read(notary, 10, 13);
        byte[] second = notary.sign();

        assertThat(CheckpointCodec.isSigned(first, publicKeys().ids().iterator().next(), publicKeys()))
                .isTrue();
        assertThat(CheckpointCodec.decode(first))
                .returns(new Position(SHARD, 10), Checkpoint::position)
                .returns(1L, Checkpoint::number)
                .returns(18L, Checkpoint::offset)
                .returns(10L, Checkpoint::atMillis)
                .returns(JournalCodec.decode(journal.get(9)).hash(), Checkpoint::hash)
                .returns(Hash.ZERO, Checkpoint::previous)
                .satisfies(
                        checkpoint -> assertThat(checkpoint.books()).isEqualTo(Map.of("GOLD", BigInteger.valueOf(50))));
        assertThat(CheckpointCodec.decode(second))
                .returns(new Position(SHARD, 13), Checkpoint::position)
                .returns(2L, Checkpoint::number)
                .returns(Hash.of(first), Checkpoint::previous);
    }

    @Test
    void goesOnFromTheLastCheckpointWithoutReadingWhatIsBefore() {
        ShardNotary notary = notary();
        notary.resume(signedAfter(10));

        assertThat(notary.from()).isEqualTo(18);
        assertThat(notary.isConfirming()).isTrue();
        read(notary, 9, 15);
        assertThat(notary.isConfirming()).isFalse();
        assertThat(notary.unsigned()).isEqualTo(5);
        assertThat(CheckpointCodec.decode(notary.sign()))
                .returns(2L, Checkpoint::number)
                .satisfies(
                        checkpoint -> assertThat(checkpoint.books()).isEqualTo(Map.of("GOLD", BigInteger.valueOf(75))));
    }

    @Test
    void refusesAJournalThatWasWrittenAnew() {
        ShardNotary notary = notary();
        notary.resume(signedAfter(10));
        read(notary, journal(25, "bribe"), 9, 25);

        assertThat(notary.refusal()).contains("written anew").contains("2:10");
        assertThat(notary.isDue(Long.MAX_VALUE)).isFalse();
        assertThat(notary.unsigned()).isZero();
    }

    @Test
    void looksForWhatWasSignedInAJournalThatWasCopied() {
        byte[] last = signedAfter(10);
        ShardNotary notary = notary();
        notary.resume(last);
        notary.read(journal.get(14), 18, nowNanos);
        assertThat(notary.isAstray()).isTrue();
        notary.startOver();
        assertThat(notary.from()).isNegative();
        read(notary, 0, 9);
        assertThat(notary.isConfirming()).isTrue();
        assertThat(notary.isDue(Long.MAX_VALUE)).isFalse();
        read(notary, 9, 12);
        assertThat(notary.isConfirming()).isFalse();
        assertThat(notary.unsigned()).isEqualTo(2);
        assertThat(CheckpointCodec.decode(notary.sign())).returns(2L, Checkpoint::number);

        ShardNotary forged = notary();
        forged.resume(last);
        forged.startOver();
        read(forged, journal(25, "bribe"), 0, 12);
        assertThat(forged.refusal()).contains("written anew");
    }

    @Test
    void refusesAJournalThatWasCutOff() {
        ShardNotary notary = notary();
        notary.resume(signedAfter(10));
        notary.startOver();
        read(notary, 0, 9);
        notary.ended();

        assertThat(notary.refusal()).contains("cut off").contains("2:9").contains("2:10");
    }

    @Test
    void refusesWhatSomebodyElseHasSigned() {
        byte[] last = signedAfter(10);
        SigningKey.createIfMissing(directory.resolve("theirs"), directory.resolve("their-public"));
        PublicKeys theirs = PublicKeys.read(directory.resolve("their-public"));
        ShardNotary notary = new ShardNotary(SHARD, SigningKey.read(directory.resolve("theirs"), theirs), theirs, PACE);
        notary.resume(last);
        assertThat(notary.refusal()).contains("not signed with a known key");

        ShardNotary tampered = notary();
        String changed = new String(last, StandardCharsets.UTF_8).replace("\"number\":1,", "\"number\":2,");
        tampered.resume(changed.getBytes(StandardCharsets.UTF_8));
        assertThat(tampered.refusal()).contains("not signed");
        ShardNotary nonsense = notary();
        nonsense.resume("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(nonsense.refusal()).contains("no checkpoint");
    }

    @Test
    void refusesWhatDoesNotFollowOrWasChanged() {
        ShardNotary gap = notary();
        read(gap, 0, 5);
        read(gap, 6, 7);
        assertThat(gap.refusal()).contains("2:6").contains("2:7");

        ShardNotary chain = notary();
        read(chain, 0, 5);
        read(chain, journal(25, "bribe"), 5, 6);
        assertThat(chain.refusal()).contains("hash chain breaks at 2:6");

        ShardNotary changed = notary();
        byte[] record = new String(journal.getFirst(), StandardCharsets.UTF_8)
                .replace("lunch", "crime")
                .getBytes(StandardCharsets.UTF_8);
        changed.read(record, 0, nowNanos);
        assertThat(changed.refusal()).contains("changed after it was sealed");

        ShardNotary unbalanced = notary();
        unbalanced.read(
                new String(journal.getFirst(), StandardCharsets.UTF_8)
                        .replaceFirst("\"amount\":\"-5\"", "\"amount\":\"-6\"")
                        .getBytes(StandardCharsets.UTF_8),
                0,
                nowNanos);
        assertThat(unbalanced.refusal()).contains("must sum to zero");
        ShardNotary nothing = notary();
        nothing.read(null, 0, nowNanos);
        assertThat(nothing.refusal()).contains("no value");
    }
}
