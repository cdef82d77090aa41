package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Posting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A posting as a history keeps it.
 *
 * @param shard the shard of its entry
 * @param sequence the sequence of its entry
 * @param version the account's version after it
 * @param atMicros when its entry was decided, in microseconds since 1970-01-01 UTC
 * @param account the account that changes
 * @param asset the asset's code
 * @param bucket the name of the bucket that changes
 * @param amount the change in minor units, in digits
 * @param balance the bucket's balance after it, in digits
 * @param counterparty the account on the other side; null when there is none
 */
public record HistoryPosting(
        int shard,
        long sequence,
        long version,
        long atMicros,
        String account,
        String asset,
        String bucket,
        String amount,
        String balance,
        @Nullable String counterparty) {
    /** What a history must keep of the postings of an entry of the journal. */
    static List<HistoryPosting> allOf(Entry entry) {
        Counterparties counterparties = Counterparties.of(entry);
        List<HistoryPosting> rows = new ArrayList<>(entry.postings().size());
        for (int i = 0; i < entry.postings().size(); i++) {
            Posting posting = entry.postings().get(i);
            rows.add(new HistoryPosting(
                    entry.shard(),
                    entry.sequence(),
                    posting.version(),
                    entry.atMillis() * HistoryEntry.MICROS_PER_MILLI,
                    posting.account(),
                    posting.asset(),
                    posting.bucket().wireName(),
                    Amount.digits(posting.amount()),
                    Amount.digits(posting.balance()),
                    counterparties.of(i)));
        }
        return rows;
    }

    /** The account, the asset and the bucket. */
    String place() {
        return account + " " + asset + " " + bucket;
    }
}
