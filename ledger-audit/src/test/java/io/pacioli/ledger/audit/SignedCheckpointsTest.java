package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Checkpoint;
import io.pacioli.ledger.api.CheckpointCodec;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever writes the past anew contradicts what was signed, and whoever tampers with what was signed is found too. */
final class SignedCheckpointsTest {
    private static final int SHARD = 1;
    private static final int CHECKPOINTS = 5;

    @TempDir
    private Path directory = Path.of("");

    private ScratchLedger ledger = ScratchLedger.inUse();
    private PublicKeys keys = PublicKeys.NONE;

    @BeforeEach
    void live() {
        SigningKey key = key("ours");
        keys = PublicKeys.read(directory.resolve("ours.pub"));
        for (int i = 0; i < CHECKPOINTS; i++) {
            pay(i, 3);
            for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
                ledger.sign(shard, key);
            }
        }
    }

    private SigningKey key(String name) {
        Path known = directory.resolve(name + ".pub");
        Path secret = directory.resolve(name + ".key");
        SigningKey.createIfMissing(secret, known);
        return SigningKey.read(secret, PublicKeys.read(known));
    }

    /** Something happens on every shard. */
    private void pay(int round, long amount) {
        pay(ledger, round, amount);
    }

    private static void pay(ScratchLedger ledger, int round, long amount) {
        for (int i = 0; i < 12; i++) {
            String from = "a" + i;
            ledger.submit(new Command.Transfer(
                    "round-" + round + "-" + i, "GOLD", from, "a" + (i + 1), Amount.of(amount), "", Map.of()));
        }
    }

    @Test
    void allAreVerifiedWhetherDecidedAgainOrNot() {
        for (boolean decides : List.of(true, false)) {
            AuditReport report = audit(ledger, decides, keys, null);

            assertThat(report.findings()).isEmpty();
            assertThat(report.checkpoints())
                    .isNotNull()
                    .returns((long) CHECKPOINTS * ScratchLedger.SHARDS, CheckpointFigures::verified)
                    .returns(0L, CheckpointFigures::uncovered)
                    .satisfies(figures -> assertThat(figures.positions())
                            .hasSize(ScratchLedger.SHARDS)
                            .contains(new Position(SHARD, ledger.journal(SHARD).size())));
        }
        assertThat(audit(ledger, true, PublicKeys.NONE, null).checkpoints()).isNull();
    }

    /** Commands, journal and messages are those of another life that never was: only what was signed knows better. */
    @Test
    void aLedgerThatWasWrittenAnewAsAWholeIsFound() {
        ScratchLedger other = ScratchLedger.inUse();
        for (int i = 0; i < CHECKPOINTS; i++) {
            pay(other, i, i == 2 ? 4 : 3);
        }
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            other.checkpoints(shard).addAll(ledger.checkpoints(shard));
        }

        assertThat(audit(other, true, PublicKeys.NONE, null).findings()).isEmpty();
        AuditReport report = audit(other, true, keys, null);
        Checkpoint third = signed(2);
        assertThat(report.findings())
                .hasSize(ScratchLedger.SHARDS)
                .allSatisfy(finding -> assertThat(finding).returns(Finding.Kind.CHECKPOINT, Finding::kind))
                .anySatisfy(finding -> assertThat(finding)
                        .returns(SHARD, Finding::shard)
                        .returns(third.position().sequence(), Finding::sequence)
                        .returns(third.hash().hex(), Finding::expected));
    }

    @Test
    void aForgedEntryBeforeTheLastCheckpointIsFoundThere() {
        int place = lastTransfer();
        Forgery.forge(ledger.journal(SHARD), place, Forgery::bribed);

        Checkpoint last = signed(CHECKPOINTS - 1);
        assertThat(fast().findings().getFirst())
                .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(last.position().sequence(), Finding::sequence)
                .returns(last.hash().hex(), Finding::expected)
                .returns(
                        JournalCodec.decode(ledger.journal(SHARD).getLast())
                                .hash()
                                .hex(),
                        Finding::found);
    }

    @Test
    void aForgedEntryBehindTheLastCheckpointIsFoundByDecidingAgainOnly() {
        pay(CHECKPOINTS, 3);
        int place = lastTransfer();
        Forgery.forge(ledger.journal(SHARD), place, Forgery::bribed);

        AuditReport fast = fast();
        assertThat(fast.passed()).isTrue();
        assertThat(fast.checkpoints())
                .isNotNull()
                .satisfies(figures -> assertThat(figures.uncovered()).isPositive())
                .satisfies(figures -> assertThat(figures.uncoveredSinceMillis()).isPositive());
        assertThat(audit(ledger, true, keys, null).findings().getFirst())
                .returns(Finding.Kind.DECISION, Finding::kind)
                .returns(place + 1L, Finding::sequence);
    }

    @Test
    void aJournalThatWasCutOffDoesNotReachWhatWasSigned() {
        ledger.journal(SHARD).removeLast();

        assertThat(fast().findings().getFirst())
                .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(signed(CHECKPOINTS - 1).position().toString(), Finding::expected);
    }

    @Test
    void anUnknownKeyVouchesForNothing() {
        ledger.sign(SHARD, key("theirs"));

        assertThat(fast().findings())
                .singleElement()
                .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                .returns(key("theirs").id(), Finding::found)
                .returns(key("ours").id(), Finding::expected);
        assertThat(audit(ledger, false, PublicKeys.read(directory.resolve("theirs.pub")), null)
                        .differences())
                .isEqualTo((long) CHECKPOINTS * ScratchLedger.SHARDS + 1);
    }

    @Test
    void aChangedCheckpointIsNotSigned() {
        replace(2, record -> record.replaceFirst("\"GOLD\":\"", "\"GOLD\":\"1"));

        assertThat(fast().findings())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                        .returns(SHARD, Finding::shard))
                .first()
                .returns(4L, Finding::offset)
                .satisfies(finding -> assertThat(finding.message()).contains("signature"));
    }

    @Test
    void somethingThatIsNoCheckpointIsFound() {
        replace(2, record -> "{}");

        assertThat(fast().findings())
                .anySatisfy(finding -> assertThat(finding.message()).contains("must be a checkpoint"));
    }

    @Test
    void aRemovedCheckpointLeavesAGap() {
        ledger.checkpoints(SHARD).remove(2);

        assertThat(fast().findings())
                .singleElement()
                .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                .returns("number 3", Finding::expected)
                .returns("number 4", Finding::found);
    }

    @Test
    void theFirstOnesAreMissedToo() {
        ledger.checkpoints(SHARD).subList(0, 2).clear();

        assertThat(fast().findings())
                .singleElement()
                .returns("number 1", Finding::expected)
                .returns("number 3", Finding::found);
    }

    @Test
    void swappedCheckpointsAreFound() {
        Collections.swap(ledger.checkpoints(SHARD), 2, 3);

        assertThat(fast().findings())
                .anySatisfy(finding -> assertThat(finding.message()).contains("must come behind those before"));
    }

    /** Only an audit that remembers them knows that there were more; for any other their absence looks like a notary that is away. */
    @Test
    void whoeverRemovesTheNewestIsFoundByThoseWhoRememberThem() {
        Path state = directory.resolve("audits");
        assertThat(audit(ledger, true, keys, state).passed()).isTrue();
        ledger.checkpoints(SHARD).subList(3, CHECKPOINTS).clear();

        AuditReport forgetful = audit(ledger, true, keys, null);
        assertThat(forgetful.passed()).isTrue();
        assertThat(forgetful.findings())
                .singleElement()
                .returns(Finding.Kind.UNSIGNED, Finding::kind)
                .returns(SHARD, Finding::shard)
                .returns(signed(2).position().sequence() + 1, Finding::sequence);
        assertThat(audit(ledger, true, keys, state).findings())
                .anySatisfy(finding -> assertThat(finding)
                        .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                        .returns("number " + CHECKPOINTS, Finding::expected));
    }

    @Test
    void anAuditGoesOnBehindWhatWasVerified() {
        Path state = directory.resolve("audits");
        audit(ledger, true, keys, state);
        pay(CHECKPOINTS, 3);
        for (int shard = 0; shard < ScratchLedger.SHARDS; shard++) {
            ledger.sign(shard, key("ours"));
        }

        AuditReport report = audit(ledger, true, keys, state);

        assertThat(report.findings()).isEmpty();
        assertThat(report.checkpoints())
                .isNotNull()
                .returns((long) ScratchLedger.SHARDS, CheckpointFigures::verified)
                .returns(0L, CheckpointFigures::uncovered);
        assertThat(report.entries()).isLessThan(ledger.journal(SHARD).size());
    }

    @Test
    void otherBooksThanThoseThatWereSignedAreFound() {
        SigningKey key = key("ours");
        Checkpoint last = CheckpointCodec.decode(value(ledger.checkpoints(SHARD).removeLast()));
        TreeMap<String, BigInteger> books = new TreeMap<>(last.books());
        books.merge("GOLD", BigInteger.ONE, BigInteger::add);
        ScratchLedger.Written before = ledger.checkpoints(SHARD).getLast();
        Checkpoint other = new Checkpoint(
                last.position(),
                last.number(),
                last.offset(),
                last.atMillis(),
                last.hash(),
                books,
                last.previous(),
                last.keyId());
        ledger.checkpoints(SHARD)
                .add(new ScratchLedger.Written(
                        before.offset() + 2,
                        before.atMillis(),
                        null,
                        CheckpointCodec.encode(other, key),
                        before.headers()));

        assertThat(fast().findings().getFirst())
                .returns(Finding.Kind.CHECKPOINT, Finding::kind)
                .returns(books.toString(), Finding::expected)
                .returns(last.books().toString(), Finding::found);
    }

    private AuditReport fast() {
        return audit(ledger, false, keys, null);
    }

    private static AuditReport audit(ScratchLedger ledger, boolean decides, PublicKeys keys, @Nullable Path state) {
        AuditSettings settings = new AuditSettings(Map.of(), Topics.DEFAULT, decides, 2, List.of(), keys, state);
        return new Audit(settings, () -> ScratchTopics.consumer(ledger)).run(Progress.NONE);
    }

    private Checkpoint signed(int index) {
        return CheckpointCodec.decode(value(ledger.checkpoints(SHARD).get(index)));
    }

    private void replace(int index, UnaryOperator<String> change) {
        ScratchLedger.Written record = ledger.checkpoints(SHARD).get(index);
        byte[] changed =
                change.apply(new String(value(record), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        ledger.checkpoints(SHARD)
                .set(
                        index,
                        new ScratchLedger.Written(record.offset(), record.atMillis(), null, changed, record.headers()));
    }

    private static byte[] value(ScratchLedger.Written record) {
        return Objects.requireNonNull(record.value());
    }

    /** The last transfer within the shard. */
    private int lastTransfer() {
        List<byte[]> journal = ledger.journal(SHARD);
        int place = journal.size() - 1;
        while (!(JournalCodec.decode(journal.get(place)).entry().event() instanceof Event.TransferPosted)) {
            place--;
        }
        return place;
    }
}
