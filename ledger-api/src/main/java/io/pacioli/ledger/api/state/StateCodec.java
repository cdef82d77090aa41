package io.pacioli.ledger.api.state;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.PlacedLeg;
import io.pacioli.ledger.core.Receipt;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.TransactionTerms;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parts of a shard's state, compact and binary, for those who keep it: they are nobody's interface. Each starts with a format version, so that a
 * later release can read the state of an earlier one, and an earlier one refuses that of a later.
 *
 * <p>Version 2 has more flags where version 1 had one, and more kinds of records: what version 1 wrote reads as it is.
 */
public final class StateCodec {
    private static final int VERSION = 2;
    private static final int OPENED = 1;
    private static final int PROMISED = 2;
    private static final int STATUS_SHIFT = 2;
    private static final int REJECTED = 1;
    private static final int PENDING = 2;
    private static final int FINGERPRINT_BYTES = 2 * Long.BYTES;

    // In the order of the numbers that stand for them in the store.
    private static final List<AccountStatus> STATUSES =
            List.of(AccountStatus.OPEN, AccountStatus.FROZEN, AccountStatus.CLOSED);
    private static final List<Hold.Status> HOLD_STATUSES =
            List.of(Hold.Status.ACTIVE, Hold.Status.CAPTURED, Hold.Status.VOIDED, Hold.Status.EXPIRED);

    private StateCodec() {}

    /** The bytes of an account; its id is not among them. */
    public static byte[] encode(Account account) {
        StateWriter out = new StateWriter(VERSION);
        out.number(account.version());
        boolean isPromised = !account.promised().isEmpty();
        out.number((account.opened() ? OPENED : 0)
                | (isPromised ? PROMISED : 0)
                | ((long) STATUSES.indexOf(account.status()) << STATUS_SHIFT));
        AccountLimits limits = account.limits();
        amounts(out, limits.lowest());
        out.number(limits.highest().size());
        limits.highest().forEach((asset, limit) -> {
            out.text(asset);
            out.big(limit.minorUnits());
        });
        out.number(account.holdings().size());
        for (Holding holding : account.holdings()) {
            out.text(holding.asset());
            out.big(holding.available());
            out.big(holding.held());
            out.big(holding.locked());
            out.big(holding.staked());
        }
        if (isPromised) {
            amounts(out, account.promised());
        }
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Account account(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        long version = in.number();
        long flags = in.number();
        Map<String, BigInteger> lowest = amounts(in);
        Map<String, Amount> highest = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            highest.put(in.text(), new Amount(in.big()));
        }
        int size = (int) in.number();
        List<Holding> holdings = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            holdings.add(new Holding(in.text(), in.big(), in.big(), in.big(), in.big()));
        }
        AccountLimits limits =
                lowest.isEmpty() && highest.isEmpty() ? AccountLimits.DEFAULT : new AccountLimits(lowest, highest);
        return new Account(
                id,
                version,
                (flags & OPENED) != 0,
                STATUSES.get((int) (flags >>> STATUS_SHIFT)),
                limits,
                List.copyOf(holdings),
                (flags & PROMISED) != 0 ? Collections.unmodifiableMap(amounts(in)) : Map.of());
    }

    private static void amounts(StateWriter out, Map<String, BigInteger> amounts) {
        out.number(amounts.size());
        amounts.forEach((asset, amount) -> {
            out.text(asset);
            out.big(amount);
        });
    }

    private static Map<String, BigInteger> amounts(StateReader in) {
        Map<String, BigInteger> amounts = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            amounts.put(in.text(), in.big());
        }
        return amounts;
    }

    /** The bytes of an asset. */
    public static byte[] encode(Asset asset) {
        StateWriter out = new StateWriter(VERSION);
        out.text(asset.code());
        out.text(asset.name());
        out.text(asset.symbol());
        out.text(asset.emoji());
        out.number(asset.decimals());
        Amount maxSupply = asset.maxSupply();
        out.bool(maxSupply != null);
        if (maxSupply != null) {
            out.big(maxSupply.minorUnits());
        }
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Asset asset(byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        return new Asset(
                in.text(), in.text(), in.text(), in.text(), (int) in.number(), in.bool() ? new Amount(in.big()) : null);
    }

    /** The bytes of a channel. */
    public static byte[] encode(Channel channel) {
        StateWriter out = new StateWriter(VERSION);
        out.number(channel.sent());
        out.number(channel.received());
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Channel channel(int peer, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        return new Channel(peer, in.number(), in.number());
    }

    /** The bytes of a command; its id is not among them. */
    public static byte[] encode(RememberedCommand command) {
        StateWriter out = new StateWriter(VERSION);
        fingerprint(out, command.fingerprint());
        out.number(command.sequence());
        out.number(command.atMillis());
        memory(out, command.memory());
        out.text(command.type());
        Rejected rejected = command.rejected();
        out.number((rejected == null ? 0 : REJECTED) | (command.isPending() ? PENDING : 0));
        if (rejected != null) {
            out.text(rejected.code().name());
            out.text(rejected.field());
            out.text(rejected.limit());
            out.text(rejected.value());
        }
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static RememberedCommand command(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        Fingerprint fingerprint = fingerprint(in);
        long sequence = in.number();
        long atMillis = in.number();
        Memory memory = memory(in);
        String type = in.text();
        long flags = in.number();
        return new RememberedCommand(
                id,
                fingerprint,
                sequence,
                atMillis,
                memory,
                type,
                (flags & PENDING) != 0,
                (flags & REJECTED) != 0 ? rejected(in) : null);
    }

    /** The bytes of a receipt; its id is not among them. */
    public static byte[] encode(Receipt receipt) {
        StateWriter out = new StateWriter(VERSION);
        memory(out, receipt.memory());
        out.text(receipt.asset());
        out.text(receipt.from());
        out.text(receipt.to());
        out.big(receipt.amount());
        out.big(receipt.reversed());
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Receipt receipt(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        Memory memory = memory(in);
        return new Receipt(id, in.text(), in.text(), in.text(), in.big(), in.big(), memory);
    }

    /** The bytes of a hold; its id is not among them. */
    public static byte[] encode(Hold hold) {
        StateWriter out = new StateWriter(VERSION);
        out.number(HOLD_STATUSES.indexOf(hold.status()));
        Memory memory = hold.memory();
        out.bool(memory != null);
        if (memory != null) {
            memory(out, memory);
        }
        out.text(hold.asset());
        out.text(hold.account());
        out.text(hold.to() == null ? "" : hold.to());
        out.big(hold.remaining());
        Long expiresAt = hold.expiresAtMillis();
        out.number(expiresAt == null ? 0 : expiresAt + 1);
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Hold hold(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        Hold.Status status = HOLD_STATUSES.get((int) in.number());
        Memory memory = in.bool() ? memory(in) : null;
        String asset = in.text();
        String account = in.text();
        String to = in.text();
        BigInteger remaining = in.big();
        long expiresAt = in.number();
        return new Hold(
                id,
                asset,
                account,
                to.isEmpty() ? null : to,
                remaining,
                expiresAt == 0 ? null : expiresAt - 1,
                status,
                memory);
    }

    /** The bytes of a transaction. */
    public static byte[] encode(PendingTransaction transaction) {
        StateWriter out = new StateWriter(VERSION);
        TransactionTerms terms = transaction.terms();
        out.text(terms.id());
        out.number(terms.coordinator());
        out.number(terms.deadlineMillis());
        out.text(terms.memo());
        out.number(terms.metadata().size());
        terms.metadata().forEach((key, value) -> {
            out.text(key);
            out.text(value);
        });
        out.number(terms.legs().size());
        for (PlacedLeg placed : terms.legs()) {
            Leg leg = placed.leg();
            out.number(placed.index());
            out.text(leg.asset());
            out.text(leg.from());
            out.text(leg.to());
            out.big(leg.amount().minorUnits());
            out.number(placed.fromShard());
            out.number(placed.toShard());
        }
        Fingerprint fingerprint = transaction.fingerprint();
        out.bool(fingerprint != null);
        if (fingerprint != null) {
            fingerprint(out, fingerprint);
        }
        out.number(transaction.waitingFor().size());
        transaction.waitingFor().forEach((shard, number) -> {
            out.number(shard);
            out.number(number);
        });
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static PendingTransaction transaction(String key, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        String id = in.text();
        int coordinator = (int) in.number();
        long deadline = in.number();
        String memo = in.text();
        Map<String, String> metadata = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            metadata.put(in.text(), in.text());
        }
        int size = (int) in.number();
        List<PlacedLeg> legs = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            legs.add(new PlacedLeg(
                    (int) in.number(),
                    new Leg(in.text(), in.text(), in.text(), new Amount(in.big())),
                    (int) in.number(),
                    (int) in.number()));
        }
        Fingerprint fingerprint = in.bool() ? fingerprint(in) : null;
        Map<Integer, Long> waitingFor = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            waitingFor.put((int) in.number(), in.number());
        }
        PendingTransaction transaction = new PendingTransaction(
                new TransactionTerms(id, coordinator, legs, deadline, memo, Collections.unmodifiableMap(metadata)),
                fingerprint,
                waitingFor);
        Invariant.check(transaction.key().equals(key), "a transaction must be where its key says: key=", key);
        return transaction;
    }

    /** The bytes of a deferral; its command as its JSON. */
    public static byte[] encode(Deferral deferral) {
        StateWriter out = new StateWriter(VERSION);
        fingerprint(out, deferral.fingerprint());
        byte[] command = CommandCodec.encode(deferral.command());
        out.number(command.length);
        out.bytes(command);
        return out.toBytes();
    }

    /** Reads what {@code encode} wrote. */
    public static Deferral deferral(String commandId, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        Fingerprint fingerprint = fingerprint(in);
        if (CommandCodec.decode(in.bytes((int) in.number()), commandId) instanceof Command.Transfer transfer) {
            return new Deferral(transfer, fingerprint);
        }
        throw new InvariantViolation("what waits for its time must be a transfer: id=" + commandId);
    }

    /** Until when a command is remembered, of its bytes. */
    public static Memory commandMemory(byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        in.bytes(FINGERPRINT_BYTES);
        in.number();
        in.number();
        return memory(in);
    }

    /** Until when a receipt is remembered, of its bytes. */
    public static Memory receiptMemory(byte[] bytes) {
        return memory(new StateReader(bytes, VERSION));
    }

    /** Until when a hold is remembered, of its bytes; for ever while it is active. */
    public static Memory holdMemory(byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        in.number();
        return in.bool() ? memory(in) : Memory.FOR_EVER;
    }

    private static void memory(StateWriter out, Memory memory) {
        out.number(memory.untilMillis());
        out.number(memory.untilSequence());
    }

    private static Memory memory(StateReader in) {
        return new Memory(in.number(), in.number());
    }

    private static void fingerprint(StateWriter out, Fingerprint fingerprint) {
        out.whole(fingerprint.high());
        out.whole(fingerprint.low());
    }

    private static Fingerprint fingerprint(StateReader in) {
        return new Fingerprint(in.whole(), in.whole());
    }

    private static Rejected rejected(StateReader in) {
        return new Rejected(Rejection.valueOf(in.text()), in.text(), in.text(), in.text());
    }
}
