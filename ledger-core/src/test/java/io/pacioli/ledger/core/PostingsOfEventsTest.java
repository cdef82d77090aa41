package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.close;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.leg;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transact;
import static io.pacioli.ledger.core.Request.transfer;
import static io.pacioli.ledger.core.Request.unfreeze;
import static io.pacioli.ledger.core.Request.voided;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Evolve refuses an entry of each type of event whose postings balance but are not what the event says. */
class PostingsOfEventsTest {
    /** Ways to falsify the debit and the credit of an entry so that it still balances. */
    enum Falsified {
        NOTHING_MOVES(p -> List.of()),
        ANOTHER_PAYS(p -> change(p, first -> with(first, "mallory"), last -> last)),
        ANOTHER_IS_PAID(p -> change(p, first -> first, last -> with(last, "mallory"))),
        ANOTHER_PEER_CLEARS(p -> p.stream()
                .map(posting -> AccountId.isClearing(posting.account()) ? with(posting, "@clearing/7/GOLD") : posting)
                .toList()),
        PAYER_AND_PAYEE_CHANGE_PLACES(p -> change(
                p,
                first -> with(first, p.getLast().account()),
                last -> with(last, p.getFirst().account()))),
        THE_CREDIT_COMES_FIRST(List::reversed),
        ONE_MORE_MOVES(p -> change(p, first -> with(first, -1), last -> with(last, 1))),
        ANOTHER_ASSET_MOVES(p -> p.stream().map(Falsified::inEuros).toList()),
        WHAT_IS_HELD_PAYS(p -> change(p, Falsified::held, last -> last)),
        WHAT_IS_PAID_IS_HELD(p -> change(p, first -> first, Falsified::held)),
        MORE_MOVES_BETWEEN(p -> Stream.of(p.subList(0, 1), PAIR_OF_NO_EVENT, p.subList(1, p.size()))
                .flatMap(List::stream)
                .toList());

        @SuppressWarnings("ImmutableEnumChecker") // The functions capture nothing.
        private final UnaryOperator<List<Posting>> change;

        Falsified(UnaryOperator<List<Posting>> change) {
            this.change = change;
        }

        private static List<Posting> change(
                List<Posting> postings, UnaryOperator<Posting> first, UnaryOperator<Posting> last) {
            List<Posting> changed = new ArrayList<>(postings);
            changed.set(0, first.apply(changed.getFirst()));
            changed.set(changed.size() - 1, last.apply(changed.getLast()));
            return changed;
        }

        private static Posting with(Posting p, String account) {
            return new Posting(account, p.bucket(), p.asset(), p.amount(), p.balance(), p.version());
        }

        private static Posting with(Posting p, long more) {
            BigInteger amount = p.amount().add(BigInteger.valueOf(more));
            return new Posting(p.account(), p.bucket(), p.asset(), amount, p.balance(), p.version());
        }

        private static Posting inEuros(Posting p) {
            return new Posting(p.account(), p.bucket(), "EUR", p.amount(), p.balance(), p.version());
        }

        private static Posting held(Posting p) {
            return new Posting(p.account(), Bucket.HELD, p.asset(), p.amount(), p.balance(), p.version());
        }
    }

    private static final List<Posting> PAIR_OF_NO_EVENT = List.of(
            new Posting("alice", Bucket.AVAILABLE, "GOLD", BigInteger.valueOf(-1), BigInteger.ZERO, 1),
            new Posting("mallory", Bucket.AVAILABLE, "GOLD", BigInteger.ONE, BigInteger.ONE, 1));

    private static final Set<String> MOVING = Set.of(
            "TransferPosted",
            "TransferSent",
            "TransferReceived",
            "TransferReturned",
            "HoldPlaced",
            "HoldVoided",
            "HoldExpired",
            "TransactionPosted",
            "TransactionBegun",
            "TransactionPrepared",
            "TransactionCommitted",
            "TransactionSettled",
            "TransactionAborted",
            "TransactionReleased");

    /** A journal with an entry of each type of event. */
    private static final LedgerFixture LEDGER = goldLedger(3)
            .given(mint("alice", "99"), open("bob1", highest("5")), transfer("alice", "bob1", "5"))
            .given(mint("dave2", "9"))
            .when(transact(leg("alice", "zoe", "1")))
            .when(transact(leg("alice", "carol2", "1"), leg("dave2", "alice", "1")))
            .then("TransactionBegun", "TransactionPrepared", "TransactionCommitted", "TransactionSettled")
            .when(transact(leg("alice", "bob1", "1"), leg("dave2", "alice", "1")))
            .then(
                    "TransactionBegun",
                    "TransactionRefused",
                    "TransactionPrepared",
                    "TransactionAborted",
                    "CommandRejected",
                    "TransactionVoted",
                    "TransactionReleased")
            .when(hold("alice", "bob", "1").as("h"))
            .when(voided("h", "alice"))
            .when(hold("alice", "bob", "1", START_MILLIS + 1))
            .whenTimeIs(START_MILLIS + 1)
            .then("HoldExpired")
            .when(transfer("alice", "bob", "1", new Conditions(START_MILLIS + 9, null, null)))
            .then("CommandDeferred")
            .when(freeze("bob1"))
            .when(unfreeze("bob1"))
            .given(open("empty"))
            .when(close("empty"))
            .when(transfer("alice", "bob1", "1"))
            .then("TransferSent", "TransferRefused", "TransferReturned")
            .when(transfer("alice", "zoe", "1"))
            .when(transfer("alice", "bob1", "100"))
            .then("CommandRejected");

    /** The last entry of each type. */
    private static Map<String, Entry> entries() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        LEDGER.journal().forEach(entry -> entries.put(entry.event().type(), entry));
        return entries;
    }

    static List<String> typesThatMoveNothing() {
        return types().stream().filter(type -> !MOVING.contains(type)).toList();
    }

    @Test
    void coverEveryTypeOfEvent() {
        assertThat(entries()).containsOnlyKeys(types());
    }

    @ParameterizedTest
    @EnumSource
    void mustMoveWhatTheTermsSay(Falsified falsified) {
        for (String type : MOVING) {
            Entry entry = entry(type);
            List<Posting> postings = falsified.change.apply(entry.postings());
            // Some change nothing of some entries, such as the account of a hold's second posting.
            if (!postings.equals(entry.postings())) {
                refuses(entry, postings, "postings must ");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("typesThatMoveNothing")
    void mustBeNoneWithoutTerms(String type) {
        refuses(entry(type), PAIR_OF_NO_EVENT, "nothing must move");
    }

    private static void refuses(Entry entry, List<Posting> postings, String message) {
        InMemoryShard before = new InMemoryShard(entry.shard());
        LEDGER.journal().stream()
                .filter(e -> e.shard() == entry.shard() && e.sequence() < entry.sequence())
                .forEach(e -> LEDGER.rules().evolve(before, e));
        Entry falsified = new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                entry.event(),
                postings);
        assertThatThrownBy(() -> LEDGER.rules().evolve(before, falsified))
                .as(entry.event().type())
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining(message);
    }

    private static Entry entry(String type) {
        return java.util.Objects.requireNonNull(entries().get(type));
    }

    private static Set<String> types() {
        Set<String> types = new TreeSet<>();
        Arrays.stream(Event.class.getPermittedSubclasses()).forEach(type -> types.add(type.getSimpleName()));
        return types;
    }
}
