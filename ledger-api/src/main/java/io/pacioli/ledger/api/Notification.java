package io.pacioli.ledger.api;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Counterparties;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.TransferTerms;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What those who watch an account or an asset are told: that a balance changed, or that an account was opened, frozen, unfrozen or
 * closed.
 *
 * @param account whose it is: a client's or an issuer
 * @param asset of the balance that changed; null when none did
 * @param json the message, the same for those who watch the account and those who watch the asset
 */
public record Notification(String account, @Nullable String asset, String json) {
    /** What there is to tell of an entry, in the order of its postings. Clearing accounts are left out: nobody owns them. */
    public static List<Notification> of(Entry entry) {
        List<Posting> postings = entry.postings();
        if (postings.isEmpty()) {
            String account = entry.event().statusAccount();
            return account == null ? List.of() : List.of(new Notification(account, null, status(entry, account)));
        }
        Counterparties counterparties = Counterparties.of(entry);
        List<Notification> notifications = new ArrayList<>(postings.size());
        for (int i = 0; i < postings.size(); i++) {
            Posting posting = postings.get(i);
            if (!AccountId.isClearing(posting.account())) {
                notifications.add(new Notification(
                        posting.account(), posting.asset(), balance(entry, posting, counterparties.of(i))));
            }
        }
        return notifications;
    }

    private static String status(Entry entry, String account) {
        return text(json -> {
            json.writeStartObject();
            json.writeStringField("position", entry.position().toString());
            json.writeStringField("at", Timestamps.format(entry.atMillis()));
            json.writeStringField("type", entry.event().type());
            JsonParts.text(json, "commandId", entry.commandId());
            json.writeStringField("account", account);
            json.writeEndObject();
        });
    }

    private static String balance(Entry entry, Posting posting, @Nullable String counterparty) {
        TransferTerms transfer = entry.event().transfer();
        return text(json -> {
            json.writeStartObject();
            json.writeStringField("position", entry.position().toString());
            json.writeStringField("at", Timestamps.format(entry.atMillis()));
            json.writeStringField("type", entry.event().type());
            JsonParts.text(
                    json, "kind", transfer == null ? null : transfer.kind().wireName());
            JsonParts.text(json, "commandId", entry.commandId());
            json.writeStringField("account", posting.account());
            json.writeStringField("asset", posting.asset());
            json.writeStringField("bucket", posting.bucket().wireName());
            json.writeStringField("amount", Amount.digits(posting.amount()));
            json.writeStringField("balance", Amount.digits(posting.balance()));
            json.writeNumberField("version", posting.version());
            JsonParts.text(json, "counterparty", counterparty);
            json.writeEndObject();
        });
    }

    private static String text(Json.Body body) {
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }
}
