package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Receipt;
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
            return with(account, account.status(), limits, account.holdings(), account.promised());
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
                            new Memory(
                                    command.atMillis() + last.idempotencyWindowMillis(),
                                    command.sequence() + last.idempotencyEntriesMax() - 1),
                            command.type(),
                            command.isPending(),
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
            return with(account, account.status(), limits, account.holdings(), account.promised());
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
    }),
    /** What is held is spent as if it were not. */
    SPEND_WHAT_IS_HELD(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Account see(@Nullable Account account) {
            if (account == null || commandOf(deciding(), Command.Transfer.class) == null) {
                return account;
            }
            List<Holding> holdings = account.holdings().stream()
                    .map(holding ->
                            holding.with(Bucket.AVAILABLE, holding.available().add(holding.held())))
                    .toList();
            return with(account, account.status(), account.limits(), holdings, account.promised());
        }
    }),
    /** One unit more than is held is captured. */
    CAPTURE_ONE_MORE_THAN_IS_HELD(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Hold see(@Nullable Hold hold) {
            return hold == null || hold.status() != Hold.Status.ACTIVE
                    ? hold
                    : with(hold, hold.remaining().add(BigInteger.ONE), hold.expiresAtMillis());
        }
    }),
    /** A hold is voided, and its money stays held. */
    FORGET_THE_RELEASE_OF_A_VOID(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.HoldVoided
                    ? withEntries(decision, entry -> with(entry, List.of()))
                    : decision;
        }
    }),
    /** A hold can be used for one millisecond more. */
    USE_A_HOLD_AS_IT_EXPIRES(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Hold see(@Nullable Hold hold) {
            Input input = deciding();
            boolean used = commandOf(input, Command.CaptureHold.class) != null
                    || commandOf(input, Command.VoidHold.class) != null;
            return hold == null || hold.expiresAtMillis() == null || !used
                    ? hold
                    : with(hold, hold.remaining(), hold.expiresAtMillis() + 1);
        }
    }),
    /** A hold that was captured in full expires all the same. */
    EXPIRE_A_CAPTURED_HOLD(ledger -> new FaultyLedger(ledger) {
        @Override
        boolean strikes(Due due) {
            return due.kind() != Due.Kind.HOLD_EXPIRY;
        }
    }),
    /** A frozen account pays. */
    PAY_FROM_A_FROZEN_ACCOUNT(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Account see(@Nullable Account account) {
            Command.Transfer transfer = commandOf(deciding(), Command.Transfer.class);
            return account == null
                            || transfer == null
                            || account.status() != AccountStatus.FROZEN
                            || !transfer.from().equals(account.id())
                    ? account
                    : with(account, AccountStatus.OPEN, account.limits(), account.holdings(), account.promised());
        }
    }),
    /** The same transfer can be reversed again and again. */
    REVERSE_TWICE(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Receipt see(@Nullable Receipt receipt) {
            return receipt == null || deciding() == null
                    ? receipt
                    : new Receipt(
                            receipt.id(),
                            receipt.asset(),
                            receipt.from(),
                            receipt.to(),
                            receipt.amount(),
                            BigInteger.ZERO,
                            receipt.memory());
        }
    }),
    /** A command that waits for its time waits for ever. */
    DROP_A_DEFERRED_COMMAND(ledger -> new FaultyLedger(ledger) {
        @Override
        boolean notes(Due due) {
            return due.kind() != Due.Kind.DEFERRED_COMMAND;
        }
    }),
    /** A command that waited for its time is decided, and decided. */
    DECIDE_A_DEFERRED_COMMAND_TWICE(ledger -> new FaultyLedger(ledger) {
        @Override
        boolean strikes(Due due) {
            return due.kind() != Due.Kind.DEFERRED_COMMAND;
        }
    }),
    /** From and to are mixed up in all legs but the first. */
    SWAP_THE_LEGS(ledger -> new FaultyLedger(ledger) {
        @Override
        Input read(Input input, ShardView view) {
            return input instanceof Input.CommandInput in && in.command() instanceof Command.Transact command
                    ? new Input.CommandInput(swapped(command), in.fingerprint(), in.cause(), in.atMillis())
                    : input;
        }
    }),
    /** A transaction is given up, and what it reserved stays held. */
    FORGET_THE_RELEASE_OF_A_TRANSACTION(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return withEntries(
                    decision,
                    entry -> entry.event() instanceof Event.TransactionAborted
                                    || entry.event() instanceof Event.TransactionReleased
                            ? with(entry, List.of())
                            : entry);
        }
    }),
    /** A transaction is made as soon as one shard has agreed. */
    COMMIT_WITH_A_VOTE_MISSING(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        PendingTransaction see(@Nullable PendingTransaction transaction) {
            return transaction != null
                            && deciding() instanceof Input.TransitInput in
                            && in.transit() instanceof Transit.TransactionVote vote
                            && transaction.waitingFor().containsKey(vote.from())
                    ? new PendingTransaction(
                            transaction.terms(), transaction.fingerprint(), Map.of(vote.from(), vote.prepare()))
                    : transaction;
        }
    }),
    /** A shard that cannot do its part is taken to agree. */
    TAKE_A_NO_FOR_A_YES(ledger -> new FaultyLedger(ledger) {
        @Override
        Input read(Input input, ShardView view) {
            return input instanceof Input.TransitInput in && in.transit() instanceof Transit.TransactionVote vote
                    ? new Input.TransitInput(
                            new Transit.TransactionVote(
                                    vote.from(), vote.to(), vote.number(), vote.commandId(), vote.prepare(), null),
                            in.cause(),
                            in.atMillis())
                    : input;
        }
    }),
    /** A shard agrees, and nobody hears of it. */
    LOSE_A_VOTE(ledger -> new FaultyLedger(ledger) {
        @Override
        Decision.Journaled decided(Decision.Journaled decision, Input input) {
            return decision.entries().getLast().event() instanceof Event.TransactionPrepared
                    ? withoutTransit(decision)
                    : decision;
        }
    }),
    /** What a transaction will bring does not count until it is there. */
    FORGET_PROMISES(ledger -> new FaultyLedger(ledger) {
        @Override
        @Nullable
        Account see(@Nullable Account account) {
            Input input = deciding();
            boolean looked = commandOf(input, Command.Mint.class) != null
                    || commandOf(input, Command.Transfer.class) != null
                    || commandOf(input, Command.CloseAccount.class) != null
                    || (input instanceof Input.TransitInput in && in.transit() instanceof Transit.TransferCredit);
            return account == null || !looked
                    ? account
                    : with(account, account.status(), account.limits(), account.holdings(), Map.of());
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

    /** The command that is decided about, if it is one of that type. */
    private static <T extends Command> @Nullable T commandOf(@Nullable Input input, Class<T> type) {
        return input instanceof Input.CommandInput in && type.isInstance(in.command()) ? type.cast(in.command()) : null;
    }

    private static Account with(
            Account account,
            AccountStatus status,
            AccountLimits limits,
            List<Holding> holdings,
            Map<String, BigInteger> promised) {
        return new Account(account.id(), account.version(), account.opened(), status, limits, holdings, promised);
    }

    private static Hold with(Hold hold, BigInteger remaining, @Nullable Long expiresAtMillis) {
        return new Hold(
                hold.id(),
                hold.asset(),
                hold.account(),
                hold.to(),
                remaining,
                expiresAtMillis,
                hold.status(),
                hold.memory());
    }

    private static Command.Transact swapped(Command.Transact command) {
        List<Leg> legs = new ArrayList<>();
        for (Leg leg : command.legs()) {
            legs.add(legs.isEmpty() ? leg : new Leg(leg.asset(), leg.to(), leg.from(), leg.amount()));
        }
        return new Command.Transact(command.id(), legs, command.deadlineMillis(), command.memo(), command.metadata());
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
