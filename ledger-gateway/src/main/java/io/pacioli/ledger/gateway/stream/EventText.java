package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Problem;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of events, in the form of the HTML standard's event streams, each without its id and without the blank line that ends it.
 * JSON has no line breaks here, so that {@code data} is always one line. Pure.
 */
final class EventText {
    private EventText() {}

    /** One entry's changes of balances. */
    private record Change(
            String position,
            String at,
            String type,
            @Nullable String kind,
            @Nullable String commandId,
            @Nullable String memo,
            List<PostingBody> postings) {}

    private record PostingBody(
            String account,
            String asset,
            String bucket,
            BigInteger amount,
            BigInteger balance,
            long version,
            @Nullable String counterparty) {}

    /** An account was opened, frozen, unfrozen or closed: the type says which. */
    private record Status(
            String position,
            String at,
            String type,
            @Nullable String commandId,
            String account) {}

    private record Start(String position) {}

    /** What a view shows of an entry that concerns it: {@code change}, or {@code status} when the entry has no postings. */
    static byte[] of(Entry entry, View view) {
        String position = entry.position().toString();
        String at = Timestamps.format(entry.atMillis());
        String type = entry.event().type();
        String account = entry.event().statusAccount();
        if (account != null) {
            return event("status", new Status(position, at, type, entry.commandId(), account));
        }
        TransferTerms transfer = entry.event().transfer();
        String kind = transfer == null ? null : transfer.kind().wireName();
        return event(
                "change", new Change(position, at, type, kind, entry.commandId(), memo(entry), postings(entry, view)));
    }

    /** Where a stream begins. */
    static byte[] start(String position) {
        return event("position", new Start(position));
    }

    /** Why a stream ends before its time. */
    static byte[] problem(Problem problem) {
        return event("problem", problem);
    }

    private static List<PostingBody> postings(Entry entry, View view) {
        Counterparties counterparties = Counterparties.of(entry);
        List<PostingBody> shown = new ArrayList<>(entry.postings().size());
        for (int i = 0; i < entry.postings().size(); i++) {
            Posting posting = entry.postings().get(i);
            if (view.shows(posting)) {
                shown.add(new PostingBody(
                        posting.account(),
                        posting.asset(),
                        posting.bucket().wireName(),
                        posting.amount(),
                        posting.balance(),
                        posting.version(),
                        counterparties.of(i)));
            }
        }
        return shown;
    }

    private static @Nullable String memo(Entry entry) {
        TransferTerms transfer = entry.event().transfer();
        String memo = switch (entry.event()) {
            case Event.HoldPlaced e -> e.terms().memo();
            case Event.TransactionPosted e -> e.terms().memo();
            case Event.TransactionBegun e -> e.terms().memo();
            case Event.TransactionPrepared e -> e.terms().memo();
            case Event.TransactionCommitted e -> e.terms().memo();
            case Event.TransactionSettled e -> e.terms().memo();
            case Event.TransactionAborted e -> e.terms().memo();
            default -> transfer == null ? "" : transfer.memo();
        };
        return memo.isEmpty() ? null : memo;
    }

    private static byte[] event(String name, Object data) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(512);
        text.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        text.writeBytes(Json.bytes(data));
        text.write('\n');
        return text.toByteArray();
    }
}
