package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a forger does who knows how the chain is made. */
final class Forgery {
    private Forgery() {}

    /** Replaces an entry and seals it and all behind it again. */
    static void forge(List<byte[]> journal, int place, UnaryOperator<Entry> change) {
        Hash head = JournalCodec.decode(journal.get(place)).previous();
        for (int i = place; i < journal.size(); i++) {
            Entry entry = JournalCodec.decode(journal.get(i)).entry();
            var sealed = JournalCodec.encode(i == place ? change.apply(entry) : entry, head);
            journal.set(i, sealed.bytes());
            head = sealed.hash();
        }
    }

    /** A posted transfer with another memo, which no balance tells. */
    static Entry bribed(Entry entry) {
        TransferTerms terms = ((Event.TransferPosted) entry.event()).terms();
        return with(entry, new Event.TransferPosted(withMemo(terms, "bribe")), entry.postings());
    }

    static Entry with(Entry entry, Event event, List<Posting> postings) {
        return new Entry(
                entry.shard(),
                entry.sequence(),
                entry.commandId(),
                entry.fingerprint(),
                entry.cause(),
                entry.atMillis(),
                event,
                postings);
    }

    static TransferTerms withMemo(TransferTerms terms, String memo) {
        return new TransferTerms(
                terms.id(),
                terms.kind(),
                terms.asset(),
                terms.from(),
                terms.to(),
                terms.amount(),
                terms.reference(),
                memo,
                terms.metadata());
    }
}
