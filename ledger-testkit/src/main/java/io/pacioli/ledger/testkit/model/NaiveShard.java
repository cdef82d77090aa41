package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the model keeps for each shard: its clock, the length of its journal, its diary of what falls due, what it has heard of and
 * what it remembers.
 */
final class NaiveShard {
    /** A command and what became of it; there is no memory while that is still open. */
    private record Remembered(
            Command command, Verdict verdict, @Nullable Memory memory) {}

    private final int number;
    private final Set<String> assetsKnown = new HashSet<>();
    private final Map<String, Remembered> commands = new HashMap<>(512);
    private final List<Map<String, BigInteger>> owedByPeers = new ArrayList<>();
    private final Map<String, NaiveHold> holds = new HashMap<>();
    private final Map<String, NaiveReceipt> receipts = new HashMap<>();
    private final Map<String, NaiveTransaction> coordinated = new HashMap<>();
    private final TreeSet<Due> diary = new TreeSet<>(Comparator.comparingLong(Due::atMillis)
            .thenComparingInt(
                    due -> List.of(Due.Kind.HOLD_EXPIRY, Due.Kind.TRANSACTION_DEADLINE, Due.Kind.DEFERRED_COMMAND)
                            .indexOf(due.kind()))
            .thenComparing(Due::id));
    private long windowMillis;
    private long windowEntries;
    private long sequence;
    private long clockMillis;

    NaiveShard(int number, int shards) {
        this.number = number;
        for (int peer = 0; peer < shards; peer++) {
            owedByPeers.add(new HashMap<>());
        }
    }

    int number() {
        return number;
    }

    /** Sets for how long things are remembered from now on, and says whether that is something new. */
    boolean changeWindow(long millis, long entries) {
        boolean changed = millis != windowMillis || entries != windowEntries;
        windowMillis = millis;
        windowEntries = entries;
        return changed;
    }

    Set<String> assetsKnown() {
        return assetsKnown;
    }

    /** Transactions that this shard asked the others about and that are not decided. */
    Map<String, NaiveTransaction> coordinated() {
        return coordinated;
    }

    SortedSet<Due> diary() {
        return diary;
    }

    /** The time at which an input with that timestamp is decided. */
    long tick(long inputMillis) {
        return Math.max(inputMillis, clockMillis);
    }

    /** The verdict on a command with that id that is still remembered at that time. */
    @Nullable
    Verdict remembered(String id, long nowMillis) {
        Remembered it = commands.get(id);
        return it == null || (it.memory != null && !it.memory.lasts(nowMillis, sequence)) ? null : it.verdict;
    }

    /** The last command that had that id, if any had. */
    @Nullable
    Command command(String id) {
        Remembered it = commands.get(id);
        return it == null ? null : it.command;
    }

    void remember(Command command, Verdict verdict) {
        commands.put(command.id(), new Remembered(command, verdict, verdict.pending() ? null : since(verdict)));
    }

    /** Writes so many entries, all at that time, and says what the last one is. */
    Verdict write(int entries, long nowMillis, String type) {
        return write(entries, nowMillis, type, null);
    }

    /** Writes the same with the reason why somebody was told no. */
    Verdict write(int entries, long nowMillis, String type, @Nullable Rejection rejection) {
        sequence += entries;
        clockMillis = nowMillis;
        return new Verdict(number, sequence, nowMillis, type, rejection, entries, null, false);
    }

    Verdict reject(long nowMillis, Rejection rejection) {
        return write(1, nowMillis, "CommandRejected", rejection);
    }

    /** The memory of what is over with that entry. */
    Memory since(Verdict verdict) {
        return new Memory(verdict.atMillis(), verdict.sequence(), windowMillis, windowEntries);
    }

    BigInteger owedBy(int peer, String asset) {
        return owedByPeers.get(peer).getOrDefault(asset, BigInteger.ZERO);
    }

    void owe(int peer, String asset, BigInteger amount) {
        owedByPeers.get(peer).merge(asset, amount, BigInteger::add);
    }

    /** The hold with that id, if it is active or still remembered. */
    @Nullable
    NaiveHold hold(String id, long nowMillis) {
        NaiveHold hold = holds.get(id);
        return hold != null && hold.isKnown(nowMillis, sequence) ? hold : null;
    }

    void keep(NaiveHold hold) {
        holds.put(hold.placed().id(), hold);
    }

    /** The receipt for that transfer, if it is still remembered. */
    @Nullable
    NaiveReceipt receipt(String transfer, long nowMillis) {
        NaiveReceipt receipt = receipts.get(transfer);
        return receipt != null && receipt.isKnown(nowMillis, sequence) ? receipt : null;
    }

    /** A receipt takes the place of one for a transfer with the same id. */
    void keep(NaiveReceipt receipt) {
        receipts.put(receipt.payment().id(), receipt);
    }
}
