package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the model keeps for each shard: its clock, the length of its journal, what it has heard of and what it remembers. */
final class NaiveShard {
    private record Memory(Command command, Verdict verdict, long goodUntilMillis, long goodForEntries) {}

    private final int number;
    private final Set<String> assetsKnown = new HashSet<>();
    private final Map<String, Memory> memories = new HashMap<>();
    private final Map<String, BigInteger> owedByPeers = new HashMap<>();
    private long windowMillis;
    private long windowEntries;
    private long sequence;
    private long clockMillis;

    NaiveShard(int number) {
        this.number = number;
    }

    /** Sets for how long commands are remembered from now on, and says whether that is something new. */
    boolean changeWindow(long millis, long entries) {
        boolean changed = millis != windowMillis || entries != windowEntries;
        windowMillis = millis;
        windowEntries = entries;
        return changed;
    }

    Set<String> assetsKnown() {
        return assetsKnown;
    }

    /** The time at which an input with that timestamp is decided. */
    long tick(long inputMillis) {
        return Math.max(inputMillis, clockMillis);
    }

    /** The verdict on a command with that id that is still remembered at that time. */
    @Nullable
    Verdict remembered(String id, long nowMillis) {
        Memory memory = memories.get(id);
        if (memory == null
                || nowMillis > memory.goodUntilMillis
                || sequence - memory.verdict.sequence() >= memory.goodForEntries) {
            return null;
        }
        return memory.verdict;
    }

    boolean wasTheSame(Command command) {
        Memory memory = memories.get(command.id());
        return memory != null && memory.command.equals(command);
    }

    /** Writes so many entries, all at that time, and says what the last one is. */
    Verdict write(int entries, long nowMillis, String type, @Nullable Rejection rejection) {
        sequence += entries;
        clockMillis = nowMillis;
        return new Verdict(number, sequence, nowMillis, type, rejection, entries);
    }

    void remember(Command command, Verdict verdict) {
        memories.put(command.id(), new Memory(command, verdict, verdict.atMillis() + windowMillis, windowEntries));
    }

    BigInteger owedBy(int peer, String asset) {
        return owedByPeers.getOrDefault(peer + " " + asset, BigInteger.ZERO);
    }

    void owe(int peer, String asset, BigInteger amount) {
        owedByPeers.merge(peer + " " + asset, amount, BigInteger::add);
    }
}
