package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.app.chaos.Asked.Heard;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordCheckTest {
    private static final String OPENED = "AccountOpened";

    private final ClientLog log = new ClientLog(new KafkaRouter(1));
    private final Violations violations = new Violations();
    private final RecordCheck check = new RecordCheck(log, violations);

    @Test
    void whatIsAcknowledgedAndThereOnceIsFine() {
        Command command = open("c1", "alice");
        log.ask(command).hear(new Heard(OPENED, 0, 1));
        check.entry(opened(1, command));

        RecordCheck.Figures figures = check.finish();

        assertThat(violations.first()).isEmpty();
        assertThat(figures.acknowledged()).isEqualTo(1);
        assertThat(figures.byOutcome()).containsExactly(Map.entry(OPENED, 1L));
    }

    @Test
    void whatIsNotAcknowledgedMayBeThereOrNot() {
        Command there = open("c1", "alice");
        log.ask(there);
        log.ask(open("c2", "bob"));
        check.entry(opened(1, there));

        RecordCheck.Figures figures = check.finish();

        assertThat(violations.first()).isEmpty();
        assertThat(figures.unknownDecided()).isEqualTo(1);
        assertThat(figures.unknownNotThere()).isEqualTo(1);
    }

    @Test
    void aDoubledEntryIsFound() {
        Command command = open("c1", "alice");
        log.ask(command);
        check.entry(opened(1, command));
        check.entry(opened(2, command));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "OpenAccount c1 is in the journal twice: AccountOpened at 0:1 and AccountOpened at 0:2");
    }

    /** An asset and its first supply are one decision, and its last entry is the outcome. */
    @Test
    void aDecisionOfTwoEntriesIsOneOutcome() {
        Asset asset = new Asset("COIN", "Coin", "", "", 2, null);
        Command command = new Command.DefineAsset("c1", asset, Amount.of(5), "alice", Map.of());
        log.ask(command).hear(new Heard("AccountClosed", 0, 2));
        Event defined = new Event.AssetDefined(asset, Map.of());
        // Which event the second one is does not matter here.
        Event supplied = new Event.AccountClosed("alice", "", Map.of());
        check.entry(entry(1, command, true, defined));
        check.entry(withCauseOf(1, entry(2, command, true, supplied)));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void anAssetThatIsDefinedTwiceIsFound() {
        Asset asset = new Asset("COIN", "Coin", "", "", 2, null);
        Command command = new Command.DefineAsset("c1", asset, Amount.ZERO, null, Map.of());
        log.ask(command);
        Event defined = new Event.AssetDefined(asset, Map.of());
        check.entry(entry(1, command, true, defined));
        check.entry(entry(2, command, true, defined));

        check.finish();

        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void aLostAcknowledgedCommandIsFound() {
        log.ask(open("c1", "alice")).hear(new Heard(OPENED, 0, 1));

        check.finish();

        assertThat(violations.first())
                .containsExactly("acknowledged and not in the journal: OpenAccount c1 AccountOpened at 0:1");
    }

    @Test
    void anotherOutcomeThanTheAcknowledgedOneIsFound() {
        Command command = open("c1", "alice");
        log.ask(command).hear(new Heard(OPENED, 0, 1));
        check.entry(rejected(1, command, Rejection.ACCOUNT_ALREADY_OPEN, true));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "OpenAccount c1 was acknowledged as AccountOpened at 0:1, and the journal has rejected ACCOUNT_ALREADY_OPEN at 0:1");
    }

    @Test
    void anotherPositionThanTheAcknowledgedOneIsFound() {
        Command command = open("c1", "alice");
        Asked asked = log.ask(command);
        asked.hear(Heard.of(new Outcome.Accepted("c1", new Position(0, 7), 0, OPENED)));
        check.entry(opened(1, command));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "OpenAccount c1 was acknowledged as AccountOpened at 0:7, and the journal has AccountOpened at 0:1");
    }

    @Test
    void twoDifferentAnswersAreFound() {
        Command command = open("c1", "alice");
        log.ask(command).hear(new Heard(OPENED, 0, 1));
        log.ask(command).hear(new Heard(OPENED, 0, 2));
        check.entry(opened(1, command));

        check.finish();

        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void whatNobodySentIsFound() {
        check.entry(opened(1, open("c1", "alice")));

        check.finish();

        assertThat(violations.first())
                .containsExactly("nobody sent the command c1 that is in the journal: AccountOpened at 0:1");
    }

    @Test
    void anOutcomeOfOtherContentIsFound() {
        log.ask(open("c1", "alice")).hear(new Heard(OPENED, 0, 1));
        check.entry(opened(1, open("c1", "bob")));

        check.finish();

        assertThat(violations.count()).isEqualTo(2);
    }

    @Test
    void aCommandThatWaitedHasTwoOutcomes() {
        Command.Transfer command = new Command.Transfer(
                "c1", "COIN", "alice", "bob", Amount.of(1), "", new Conditions(5L, null, null), Map.of());
        Asked asked = log.ask(command);
        asked.hear(new Heard(Asked.PENDING + "CommandDeferred", 0, 1));
        asked.hear(new Heard(Asked.REJECTED + "INSUFFICIENT_FUNDS", 0, 2));
        check.entry(entry(1, command, true, new Event.CommandDeferred(command)));
        check.entry(rejected(2, command, Rejection.INSUFFICIENT_FUNDS, true));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void whatWaitsThoughItsTimeHasComeIsFound() {
        Command.Transfer command = new Command.Transfer(
                "c1", "COIN", "alice", "bob", Amount.of(1), "", new Conditions(5L, null, null), Map.of());
        log.ask(command);
        check.entry(entry(1, command, true, new Event.CommandDeferred(command)));
        Command later = open("c2", "bob");
        log.ask(later);
        check.entry(at(6, opened(2, later)));

        check.finish();

        assertThat(violations.first()).containsExactly("Transfer c1 waits for ever: pending CommandDeferred at 0:1");
    }

    @Test
    void aConflictWithNothingIsFound() {
        Command command = open("c1", "alice");
        log.ask(command).hear(new Heard(Asked.REJECTED + "IDEMPOTENCY_CONFLICT", 0, 1));
        check.entry(rejected(1, command, Rejection.IDEMPOTENCY_CONFLICT, false));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "no other command had the id c1, and the journal says so: rejected IDEMPOTENCY_CONFLICT at 0:1");
    }

    @Test
    void aConflictWithItselfIsFound() {
        Command command = open("c1", "alice");
        Asked asked = log.ask(command);
        asked.hear(new Heard(OPENED, 0, 1));
        asked.hear(new Heard(Asked.REJECTED + "IDEMPOTENCY_CONFLICT", 0, 2));
        check.entry(opened(1, command));
        check.entry(rejected(2, command, Rejection.IDEMPOTENCY_CONFLICT, false));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "OpenAccount c1 is in the journal, and was acknowledged as rejected IDEMPOTENCY_CONFLICT at 0:2");
    }

    @Test
    void aTransferOfAnotherAmountIsFound() {
        Command.Transfer command = new Command.Transfer("c1", "COIN", "alice", "bob", Amount.of(100), "", Map.of());
        log.ask(command);
        TransferTerms less = new TransferTerms(
                "c1", TransferKind.TRANSFER, "COIN", "alice", "bob", Amount.of(10), null, "", Map.of());
        check.entry(entry(1, command, true, new Event.TransferPosted(less)));

        check.finish();

        assertThat(violations.count()).isEqualTo(1);
        assertThat(violations.first().getFirst())
                .startsWith("asked for was")
                .contains("100")
                .endsWith("at 0:1");
    }

    @Test
    void anIdThatBelongedToAnotherCommandIsRejectedBeside() {
        Command first = open("c1", "alice");
        Command second = open("c1", "bob");
        log.ask(first).hear(new Heard(OPENED, 0, 1));
        log.ask(second).hear(new Heard(Asked.REJECTED + "IDEMPOTENCY_CONFLICT", 0, 2));
        check.entry(opened(1, first));
        check.entry(rejected(2, second, Rejection.IDEMPOTENCY_CONFLICT, false));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void anAcknowledgedConflictThatIsNotThereIsFound() {
        Command first = open("c1", "alice");
        log.ask(first).hear(new Heard(OPENED, 0, 1));
        log.ask(open("c1", "bob")).hear(new Heard(Asked.REJECTED + "IDEMPOTENCY_CONFLICT", 0, 2));
        check.entry(opened(1, first));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "acknowledged and not in the journal: OpenAccount c1 rejected IDEMPOTENCY_CONFLICT at 0:2");
    }

    @Test
    void whatWasAcknowledgedBeforeAnotherWasSentComesBeforeIt() {
        Command first = open("c1", "alice");
        Command second = open("c2", "bob");
        log.ask(first).hear(new Heard(OPENED, 0, 2));
        log.ask(second).hear(new Heard(OPENED, 0, 1));
        check.entry(opened(1, second));
        check.entry(opened(2, first));

        check.finish();

        assertThat(violations.first())
                .containsExactly(
                        "OpenAccount c1 was acknowledged before OpenAccount c2 was sent, and comes after it in the journal: AccountOpened at 0:2");
    }

    @Test
    void whatWasUnderWayTogetherComesInAnyOrder() {
        Command first = open("c1", "alice");
        Command second = open("c2", "bob");
        Asked early = log.ask(first);
        log.ask(second).hear(new Heard(OPENED, 0, 1));
        early.hear(new Heard(OPENED, 0, 2));
        check.entry(opened(1, second));
        check.entry(opened(2, first));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void onlyTransfersThatWereAcknowledgedAsDoneCount() {
        for (String outcome :
                List.of("TransferPosted", Asked.REJECTED + "INSUFFICIENT_FUNDS", Asked.PENDING + "TransferSent")) {
            String id = outcome.replace(' ', '-');
            Command transfer = new Command.Transfer(id, "COIN", "alice", "bob", Amount.of(1), "", Map.of());
            log.ask(transfer).hear(new Heard(outcome, 0, 1));
        }

        assertThat(check.finish().transfers()).isEqualTo(1);
    }

    private static Entry withCauseOf(long sequence, Entry entry) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                "ledger.commands-0@" + sequence,
                entry.atMillis(),
                entry.event(),
                entry.postings());
    }

    private static Entry at(long millis, Entry entry) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                millis,
                entry.event(),
                entry.postings());
    }

    private static Command open(String id, String account) {
        return new Command.OpenAccount(id, account, AccountLimits.DEFAULT, Map.of());
    }

    private static Entry opened(long sequence, Command command) {
        return entry(
                sequence, command, true, new Event.AccountOpened(command.account(), AccountLimits.DEFAULT, Map.of()));
    }

    private static Entry rejected(long sequence, Command command, Rejection code, boolean remembered) {
        Rejected reason = new Rejected(code, "id", "", command.id());
        return entry(
                sequence, command, remembered, new Event.CommandRejected(command.type(), command.account(), reason));
    }

    private static Entry entry(long sequence, Command command, boolean remembered, Event event) {
        return new Entry(
                0,
                sequence,
                command.id(),
                remembered ? CommandCodec.fingerprint(command) : null,
                "ledger.commands-0@" + sequence,
                0,
                event,
                List.of());
    }
}
