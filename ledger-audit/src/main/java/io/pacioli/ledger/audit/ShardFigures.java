package io.pacioli.ledger.audit;

/**
 * How far one shard was audited.
 *
 * @param shard its number
 * @param firstSequence of the first entry that this audit read; 0 when there was none
 * @param lastSequence of the last good entry
 * @param firstAtMillis when the first was decided; 0 when there was none
 * @param lastAtMillis when the last was decided; 0 when there is none
 * @param nextOffset where its partition of the journal is read on behind that entry
 * @param entries how many this audit read
 * @param accounts how many accounts there are
 * @param hash of the last entry, which vouches for all before it
 */
public record ShardFigures(
        int shard,
        long firstSequence,
        long lastSequence,
        long firstAtMillis,
        long lastAtMillis,
        long nextOffset,
        long entries,
        long accounts,
        String hash) {
    static ShardFigures of(ShardReplay replay) {
        ShardBooks books = replay.books();
        return new ShardFigures(
                books.shard(),
                books.firstSequence(),
                books.sequence(),
                books.firstAtMillis(),
                books.atMillis(),
                replay.journal().usedTo(),
                books.entries(),
                books.state().accounts().size(),
                books.last().hex());
    }
}
