package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardView;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.core.Transit;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Deliberate faults: a simulation that lets one of them pass proves nothing. */
enum Fault {
    /** Money that was refused never starts on its way back. */
    LOSE_A_RETURN(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.TransferRefused
                    ? withoutTransit(decision)
                    : decision;
        }
    }),
    /** Money for another shard leaves the payer and goes nowhere. */
    LOSE_A_CREDIT(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.TransferSent
                    ? withoutTransit(decision)
                    : decision;
        }
    }),
    /** The check of funds lets one unit too many pass, and so does the second check. */
    SPEND_ONE_MORE_THAN_THERE_IS(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Account see(@Nullable Account account) {
            if (account == null || account.id().startsWith("@")) {
                return account;
            }
            BigInteger lowest = account.limits().lowest("GOLD").min(BigInteger.ONE.negate());
            AccountLimits limits =
                    new AccountLimits(Map.of("GOLD", lowest), account.limits().highest());
            return new Account(account.id(), account.version(), account.opened(), limits, account.holdings());
        }
    }),
    /** A credit from another shard is posted twice, in an entry that balances. */
    CREDIT_TWICE(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.TransferReceived
                    ? withEntries(decision, Fault::postAgain)
                    : decision;
        }
    }),
    /** A message that comes twice is taken for the next one. */
    RECEIVE_TWICE(ledger -> new FaultyLedger(ledger) {
        @Override
        Input read(Input input, ShardView view) {
            if (!(input instanceof Input.TransitInput in) || !(in.transit() instanceof Transit.TransferCredit t)) {
                return input;
            }
            long next = view.channel(t.from()).received() + 1;
            return new Input.TransitInput(
                    new Transit.TransferCredit(t.from(), t.to(), next, t.terms()), in.cause(), in.atMillis());
        }
    }),
    /** A command that comes twice is carried out twice. */
    FORGET_COMMANDS(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        RememberedCommand see(@Nullable RememberedCommand command) {
            return null;
        }
    }),
    /** A change of the window changes what was remembered before it. */
    JUDGE_MEMORIES_BY_THE_LAST_WINDOW(ledger -> new FaultyLedger(ledger) {
        private ShardConfiguration last = new ShardConfiguration(1, 1, 1);

        @Override
        Input read(Input input, ShardView view) {
            if (input instanceof Input.CommandInput) {
                last = view.header().configured();
            }
            return input;
        }

        @Override
        @Nullable
        RememberedCommand see(@Nullable RememberedCommand command) {
            return command == null
                    ? null
                    : new RememberedCommand(
                            command.id(),
                            command.fingerprint(),
                            command.sequence(),
                            command.atMillis(),
                            command.atMillis() + last.idempotencyWindowMillis(),
                            command.sequence() + last.idempotencyEntriesMax() - 1,
                            command.type(),
                            command.rejected());
        }
    }),
    /** A burn from another shard passes whatever circulates. */
    BURN_MORE_THAN_CIRCULATES(ledger -> new FaultyLedger(ledger) {
        private @Nullable ShardView seen;

        @Override
        Input read(Input input, ShardView view) {
            seen = view;
            return input;
        }

        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return seen != null
                            && decision.entries().getLast().event() instanceof Event.TransferRefused refused
                            && refused.terms().kind() == TransferKind.BURN
                    ? withoutTransit(withEntries(decision, Fault.received(refused, seen)))
                    : decision;
        }
    }),
    /** A conflict becomes what the id is remembered for. */
    REMEMBER_A_CONFLICT(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.CommandRejected rejected
                            && rejected.rejected().code() == Rejection.IDEMPOTENCY_CONFLICT
                            && input instanceof Input.CommandInput command
                    ? withEntries(decision, entry -> Fault.withFingerprintOf(entry, command))
                    : decision;
        }
    }),
    /** Nobody's highest balance counts. */
    IGNORE_HIGHEST_BALANCES(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Account see(@Nullable Account account) {
            if (account == null) {
                return null;
            }
            AccountLimits limits = new AccountLimits(account.limits().lowest(), Map.of());
            return new Account(account.id(), account.version(), account.opened(), limits, account.holdings());
        }
    }),
    /** One unit more than the maximum supply can be minted. */
    MINT_ONE_MORE_THAN_THE_MAXIMUM(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Asset see(@Nullable Asset asset) {
            return asset == null || asset.maxSupply() == null
                    ? asset
                    : new Asset(
                            asset.code(),
                            asset.name(),
                            asset.symbol(),
                            asset.emoji(),
                            asset.decimals(),
                            new Amount(asset.maxSupply().minorUnits().add(BigInteger.ONE)));
        }
    }),
    /** Money that comes back goes to the account that could not have it. */
    RETURN_TO_THE_PAYEE(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.TransferReturned returned
                    ? withEntries(
                            decision,
                            entry -> Fault.creditInstead(entry, returned.terms().to()))
                    : decision;
        }
    }),
    /** What is decided depends on how often it was asked before. */
    DECIDE_BY_CHANCE(ledger -> new FaultyLedger(ledger) {
        private int asked;

        @Override
        Input read(Input input, ShardView view) {
            return ++asked % 100 == 0 && input instanceof Input.CommandInput in
                    ? new Input.CommandInput(in.command(), in.fingerprint(), in.cause(), in.atMillis() + 1)
                    : input;
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // The functions capture nothing.
    private final Function<Ledger, Decider> decider;

    Fault(Function<Ledger, Decider> decider) {
        this.decider = decider;
    }

    Decider in(Ledger ledger) {
        return decider.apply(ledger);
    }

    /** Makes of a refusal the credit that it should have refused. */
    private static UnaryOperator<Entry> received(Event.TransferRefused refused, ShardView view) {
        TransferTerms terms = refused.terms();
        BigInteger amount = terms.amount().minorUnits();
        String clearing = AccountId.clearing(refused.fromShard(), terms.asset());
        List<Posting> postings = List.of(
                posting(view, clearing, terms.asset(), amount.negate()),
                posting(view, terms.to(), terms.asset(), amount));
        return entry -> new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                new Event.TransferReceived(terms, refused.fromShard(), refused.number()),
                postings);
    }

    private static Posting posting(ShardView view, String id, String asset, BigInteger amount) {
        Account known = view.account(id);
        Account account = known == null ? Account.fresh(id) : known;
        BigInteger balance = account.holding(asset).available().add(amount);
        return new Posting(id, Bucket.AVAILABLE, asset, amount, balance, account.version() + 1);
    }

    private static Entry postAgain(Entry entry) {
        List<Posting> postings = new ArrayList<>(entry.postings());
        for (Posting p : entry.postings()) {
            postings.add(new Posting(
                    p.account(), p.bucket(), p.asset(), p.amount(), p.balance().add(p.amount()), p.version() + 1));
        }
        return with(entry, postings);
    }

    private static Entry creditInstead(Entry entry, String account) {
        Posting credit = entry.postings().getLast();
        Posting instead = new Posting(account, credit.bucket(), credit.asset(), credit.amount(), credit.amount(), 1);
        return with(entry, List.of(entry.postings().getFirst(), instead));
    }

    private static Entry with(Entry entry, List<Posting> postings) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                entry.event(),
                postings);
    }

    private static Entry withFingerprintOf(Entry entry, Input.CommandInput command) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                command.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                entry.event(),
                entry.postings());
    }
}
