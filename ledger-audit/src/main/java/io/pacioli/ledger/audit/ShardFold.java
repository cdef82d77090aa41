package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import org.jspecify.annotations.Nullable;

/** The replay of one shard's journal alone: each record's seal, its place in the chain, and its effect by the ledger's rules. */
final class ShardFold {
    private final ShardBooks books;
    private final String topic;
    private final Until until;
    private boolean isThere;

    ShardFold(ShardBooks books, String topic) {
        this(books, topic, new Until.Now());
    }

    /** @param until where it stops; all records behind it are left out */
    ShardFold(ShardBooks books, String topic, Until until) {
        this.books = books;
        this.topic = topic;
        this.until = until;
        isThere = !until.includes(books.shard());
    }

    /** Whether it has come to where it stops. */
    boolean isThere() {
        return isThere;
    }

    ShardBooks books() {
        return books;
    }

    /** Applies the next record, unless an earlier one was at fault. Returns what is wrong with it, or null. */
    @Nullable
    Finding apply(byte @Nullable [] record, long offset) {
        if (isThere || books.fault() != null) {
            return null;
        }
        Finding found = check(record, offset);
        if (found != null) {
            books.fault(found);
        }
        return found;
    }

    private @Nullable Finding check(byte @Nullable [] record, long offset) {
        if (record == null) {
            return chain(offset, "a record must have a value", "", "");
        }
        JournalRecord journal;
        try {
            journal = JournalCodec.decode(record);
        } catch (MalformedException | InvariantViolation e) {
            return chain(offset, String.valueOf(e.getMessage()), "", "");
        }
        // Whatever is wrong behind the place does not matter; but a journal that begins there has lost what was before.
        boolean hasBegun = books.sequence() > 0 || journal.entry().sequence() == 1;
        if (hasBegun && !until.includes(journal.entry())) {
            isThere = true;
            return null;
        }
        Finding misplaced = misplaced(journal, offset);
        if (misplaced != null) {
            return misplaced;
        }
        if (!JournalCodec.isIntact(record)) {
            String rule = "a record's hash must be that of its content";
            return chain(offset, rule, "", journal.hash().hex());
        }
        try {
            books.apply(journal.entry(), journal.hash(), record, offset);
            return null;
        } catch (InvariantViolation e) {
            return found(Finding.Kind.RULE, offset, null, String.valueOf(e.getMessage()), "", "");
        }
    }

    /** Whether a record does not follow the one before. */
    @Nullable
    Finding misplaced(JournalRecord record, long offset) {
        long next = books.sequence() + 1;
        if (record.entry().sequence() != next) {
            String rule = "sequences must be gapless";
            return chain(
                    offset,
                    rule,
                    Long.toString(next),
                    Long.toString(record.entry().sequence()));
        }
        if (!record.previous().equals(books.last())) {
            String rule = "the hash chain must not break: prev must be the hash of the entry before";
            return chain(offset, rule, books.last().hex(), record.previous().hex());
        }
        return null;
    }

    Finding chain(long offset, String message, String expected, String found) {
        return found(Finding.Kind.CHAIN, offset, null, message, expected, found);
    }

    /** Something wrong with the next entry. */
    Finding found(
            Finding.Kind kind, long offset, @Nullable String account, String message, String expected, String found) {
        return new Finding(
                kind,
                topic,
                books.shard(),
                books.sequence() + 1,
                offset,
                books.atMillis(),
                account,
                message,
                expected,
                found);
    }
}
