package io.pacioli.ledger.audit;

import java.util.List;

/** Where published checkpoints come from. Whoever implements it has verified their signatures. */
@FunctionalInterface
public interface CheckpointSource {
    /** Nothing was ever published. */
    CheckpointSource NONE = List::of;

    /**
     * All checkpoints, in any order. Asked before an audit looks where the journal ends, so that each of them must be within it.
     *
     * @throws AuditException when they cannot be read or are not signed as they must be
     */
    List<Checkpoint> checkpoints();
}
