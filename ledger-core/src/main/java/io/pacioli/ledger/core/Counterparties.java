package io.pacioli.ledger.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who is on the other side of each posting of an entry, also when that account lives on another shard. Pure; immutable. */
public final class Counterparties {
    private final Entry entry;
    private final @Nullable TransferTerms terms;
    private final List<Leg> legs;

    private Counterparties(Entry entry, @Nullable TransferTerms terms, List<Leg> legs) {
        this.entry = entry;
        this.terms = terms;
        this.legs = legs;
    }

    /** Those of an entry. */
    public static Counterparties of(Entry entry) {
        return new Counterparties(entry, entry.event().transfer(), legs(entry));
    }

    /** The legs of a transaction that the entry makes on its shard: its last postings, two for each in their order. */
    private static List<Leg> legs(Entry entry) {
        TransactionTerms terms = switch (entry.event()) {
            case Event.TransactionPosted e -> e.terms();
            case Event.TransactionCommitted e -> e.terms();
            case Event.TransactionSettled e -> e.terms();
            default -> null;
        };
        return terms == null
                ? List.of()
                : terms.legs().stream()
                        .filter(placed -> placed.touches(entry.shard()))
                        .map(PlacedLeg::leg)
                        .toList();
    }

    /**
     * The other side of one posting; null when money stays in its account.
     *
     * @param index of the posting in its entry, from 0
     */
    public @Nullable String of(int index) {
        if (terms != null) {
            return of(entry.postings().get(index).account(), terms);
        }
        int ofLegs = index - (entry.postings().size() - 2 * legs.size());
        if (ofLegs < 0) {
            return null;
        }
        Leg leg = legs.get(ofLegs / 2);
        return ofLegs % 2 == 0 ? leg.to() : leg.from();
    }

    /** The other party of the transfer; for a clearing account the party that lives on its own shard. */
    private String of(String account, TransferTerms transfer) {
        if (AccountId.isClearing(account)) {
            return entry.event() instanceof Event.TransferReceived ? transfer.to() : transfer.from();
        }
        return account.equals(transfer.from()) ? transfer.to() : transfer.from();
    }
}
