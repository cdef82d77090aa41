package io.pacioli.ledger.audit;

import java.util.List;
import java.util.stream.Stream;

/** The replay of one shard, driven from outside as its records come in. Not thread safe. */
abstract class ShardReplay {
    private final ShardFold fold;
    private final AuditContext context;
    private final Inflow journal;
    private final CheckpointTrail checkpoints;
    private long toSequence = Long.MAX_VALUE;

    ShardReplay(ShardFold fold, AuditContext context, Inflow journal, CheckpointTrail checkpoints) {
        this.fold = fold;
        this.context = context;
        this.journal = journal;
        this.checkpoints = checkpoints;
    }

    /** Applies what the next records of the journal say; false when more records must come in first. */
    abstract boolean step();

    /** The journal's partition and those of its inputs, the journal first. */
    abstract List<Inflow> inflows();

    /** Where it stands between two inputs. */
    abstract ShardSnapshot.Standing standing();

    /** Whether it stands between two inputs, and not among the entries of one. */
    abstract boolean isBetweenInputs();

    /**
     * Goes on for about so many entries.
     *
     * @param lastSequence where it stops, if it gets there
     * @return whether it got on
     */
    final boolean advance(int entriesMax, long lastSequence) {
        toSequence = lastSequence;
        long from = books().entries();
        boolean goesOn = true;
        while (goesOn && books().entries() - from < entriesMax && mayApply()) {
            goesOn = !isStopped() && checkpoints.isKnown() && step();
        }
        return books().entries() > from;
    }

    /** Whether it is not yet where it has to stop. */
    final boolean mayApply() {
        return books().sequence() < toSequence;
    }

    /** An entry was applied. */
    final void applied() {
        checkpoints.reached(books());
    }

    final boolean isStopped() {
        return books().fault() != null;
    }

    /** Whether there is nothing more to do up to the ends of the partitions. */
    final boolean isFinished() {
        return isStopped() || journal.isExhausted();
    }

    final void stop(Finding fault) {
        books().fault(fault);
        stopped(fault);
    }

    final void stopped(Finding fault) {
        context.findings().add(fault);
        context.channels().blind(books().shard());
    }

    final ShardBooks books() {
        return fold.books();
    }

    final ShardFold fold() {
        return fold;
    }

    final AuditContext context() {
        return context;
    }

    /** The signed checkpoints of the shard. */
    final CheckpointTrail checkpoints() {
        return checkpoints;
    }

    /** All partitions that are read for it. */
    final List<Inflow> partitions() {
        Inflow signed = checkpoints.inflow();
        return signed == null
                ? inflows()
                : Stream.concat(inflows().stream(), Stream.of(signed)).toList();
    }

    final Inflow journal() {
        return journal;
    }
}
