package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's rules as two pure functions: {@link #decide} says what an input leads to, {@link #evolve} is the only way in which
 * state changes. The processor, the audit and the simulation all run these (the Decider pattern).
 *
 * <p>Thread safe: it has no state of its own.
 */
public final class Ledger {
    /**
     * Most that is decided of what is due before one input, so that it is done well within the time that a transaction may take. What
     * is left is decided before the next input.
     */
    public static final int DUE_PER_INPUT_MAX = 1_000;

    private final Router router;
    private final TransferDecisions transfers;
    private final HoldDecisions holds;
    private final TransactionDecisions transactions;

    /** A ledger whose accounts are placed by the router. */
    public Ledger(Router router) {
        this.router = router;
        transfers = new TransferDecisions(router);
        holds = new HoldDecisions(transfers);
        transactions = new TransactionDecisions(router);
    }

    /**
     * What must be decided before an input that comes at that time: what falls due first, if its time has come; else null. To be
     * asked again after each, until there is nothing.
     */
    public static Input.@Nullable DueInput due(ShardView view, long atMillis) {
        Due first = view.firstDue();
        return first != null
                        && first.atMillis() <= Math.max(atMillis, view.header().atMillis())
                ? new Input.DueInput(first)
                : null;
    }

    /**
     * Decides about an input. Changes nothing; the entries of the decision must then be given to {@link #evolve} in their order.
     *
     * @throws InvariantViolation when the input belongs to another shard, skips a message between shards, or comes before the
     *     shard was configured
     */
    public Decision decide(Input input, ShardView view) {
        return switch (input) {
            case Input.ConfigurationInput configuration -> configure(configuration, view);
            case Input.CommandInput command -> command(command, view);
            case Input.TransitInput transit -> transit(transit, view);
            case Input.DueInput due -> due(due, view);
        };
    }

    /**
     * Applies an entry to the state.
     *
     * @throws InvariantViolation when the entry is not the next one of the shard, or its balances and versions do not follow from
     *     the state
     */
    public void evolve(ShardState state, Entry entry) {
        Evolution.apply(state, entry);
    }

    private static Decision configure(Input.ConfigurationInput input, ShardView view) {
        ShardConfiguration current = view.header().configuration();
        if (input.configuration().equals(current)) {
            return new Decision.Ignored();
        }
        Invariant.check(
                current == null || current.shards() == input.configuration().shards(),
                "the number of shards is fixed when the ledger is created: shards=",
                input.configuration().shards());
        Event event = new Event.ShardConfigured(input.configuration());
        return Outcomes.journaled(new EntryDraft(view).finish(input, null, null, event));
    }

    private Decision command(Input.CommandInput input, ShardView view) {
        Command command = input.command();
        ShardHeader header = view.header();
        Invariant.check(
                header.configured().shards() == router.shards(),
                "router and shard must agree on the number of shards: shards=",
                router.shards());
        Invariant.check(
                router.shardOfKey(command.routingKey()) == header.shard(),
                "must be decided on the shard of its routing key: key=",
                command.routingKey());
        RememberedCommand remembered = view.command(command.id());
        if (remembered != null
                && remembered.isRemembered(header.sequence(), Math.max(input.atMillis(), header.atMillis()))) {
            return remembered.fingerprint().equals(input.fingerprint())
                    ? new Decision.Repeated(remembered.outcome(header.shard()))
                    : conflict(input, view, remembered);
        }
        return switch (command) {
            case Command.DefineAsset c -> defineAsset(c, input, view);
            case Command.OpenAccount c -> AccountDecisions.open(c, input, view);
            case Command.FreezeAccount c -> AccountDecisions.freeze(c, input, view);
            case Command.UnfreezeAccount c -> AccountDecisions.unfreeze(c, input, view);
            case Command.CloseAccount c -> AccountDecisions.close(c, input, view);
            case Command.Mint c -> transfers.mint(c, input, view);
            case Command.Burn c -> transfers.burn(c, input, view);
            case Command.Transfer c -> transfers.transfer(c, input, view);
            case Command.ReverseTransfer c -> transfers.reverse(c, input, view);
            case Command.PlaceHold c -> HoldDecisions.place(c, input, view);
            case Command.CaptureHold c -> holds.capture(c, input, view);
            case Command.VoidHold c -> HoldDecisions.voided(c, input, view);
            case Command.Transact c -> transactions.transact(c, input, view);
        };
    }

    /** The outcome of the id stays what it was: a conflict carries no fingerprint, so it is not remembered. */
    private static Decision conflict(Input.CommandInput input, ShardView view, RememberedCommand remembered) {
        Position first = new Position(view.header().shard(), remembered.sequence());
        String id = remembered.id();
        return Outcomes.rejected(
                input, view, null, new Rejected(Rejection.IDEMPOTENCY_CONFLICT, "id", "the command at " + first, id));
    }

    private Decision defineAsset(Command.DefineAsset command, Input.CommandInput input, ShardView view) {
        Asset asset = command.asset();
        String holder = command.initialHolder();
        Rejected rejected = Rules.first(
                Rules.notSystem("initialHolder", holder),
                Rules.supplyHasHolder(command),
                Rules.assetUndefined(view, asset.code()),
                transfers.holderOpen(command, view),
                Rules.supply(asset, BigInteger.ZERO, "initialSupply", command.initialSupply()),
                transfers.holderCreditable(command, view));
        if (rejected != null) {
            return Outcomes.rejected(input, view, rejected);
        }
        Event event = new Event.AssetDefined(asset, command.metadata());
        Entry defined = new EntryDraft(view).finish(input, command.id(), input.fingerprint(), event);
        List<Transit> announcements = Announcements.of(asset, command.id(), router.shards(), view);
        if (holder == null) {
            return Outcomes.accepted(input, List.of(defined), announcements);
        }
        ShardOverlay after = new ShardOverlay(view);
        evolve(after, defined);
        return transfers.firstSupply(command, holder, input, after, defined, announcements);
    }

    private Decision transit(Input.TransitInput input, ShardView view) {
        Transit transit = input.transit();
        int shards = view.header().configured().shards();
        Invariant.check(
                transit.from() >= 0 && transit.from() < shards && transit.from() != transit.to(),
                "must be from another shard of this ledger: from=",
                transit.from(),
                " shards=",
                shards);
        Channel channel = view.channel(transit.from());
        Invariant.check(
                transit.to() == view.header().shard(),
                "must be for this shard: to=",
                transit.to(),
                " shard=",
                view.header().shard());
        if (transit.number() <= channel.received()) {
            return new Decision.Ignored();
        }
        Invariant.check(
                transit.number() == channel.received() + 1,
                "messages between shards must be gapless: number=",
                transit.number(),
                " received=",
                channel.received());
        return switch (transit) {
            case Transit.AssetAnnouncement t ->
                Outcomes.journaled(new EntryDraft(view)
                        .finish(input, t.commandId(), null, new Event.AssetLearned(t.asset(), t.from(), t.number())));
            case Transit.TransferCredit t -> transfers.credit(t, input, view);
            case Transit.TransferReturn t -> transfers.giveBack(t, input, view);
            case Transit.TransactionPrepare t -> TransactionDecisions.prepare(t, input, view);
            case Transit.TransactionVote t -> TransactionDecisions.vote(t, input, view);
            case Transit.TransactionCommit t -> TransactionDecisions.settle(t, input, view);
            case Transit.TransactionAbort t -> TransactionDecisions.release(t, input, view);
        };
    }

    private Decision due(Input.DueInput input, ShardView view) {
        Due due = input.due();
        Invariant.check(due.equals(view.firstDue()), "what falls due must be decided in its order: due=", due);
        return switch (due.kind()) {
            case HOLD_EXPIRY -> HoldDecisions.expire(input, view);
            case TRANSACTION_DEADLINE -> TransactionDecisions.timeOut(input, view);
            case DEFERRED_COMMAND -> transfers.deferred(input, view);
        };
    }
}
