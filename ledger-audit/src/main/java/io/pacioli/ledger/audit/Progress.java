package io.pacioli.ledger.audit;

/** Hears how far a replay has got. Called on the replaying thread, often: implementations must be quick. */
@FunctionalInterface
public interface Progress {
    /** Hears nothing. */
    Progress NONE = (done, total) -> {};

    /**
     * Some more has been read.
     *
     * @param done journal offsets passed by this replay so far
     * @param total journal offsets that it will pass; a little more than there are entries, as transactions take offsets too
     */
    void advanced(long done, long total);
}
