package io.pacioli.ledger.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a history tells of a shard's accounts and assets besides what the ledger itself needs of them: since when they are there, and the
 * clients' own members. Not thread safe.
 */
final class Register {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final long NEVER = -1;

    private final Map<String, Known> accounts = new HashMap<>();
    private final Map<String, Defined> assets = new TreeMap<>();

    /**
     * An account.
     *
     * @param sinceMillis when it came to be
     * @param openedMillis when a command opened it last
     * @param metadata of that command
     */
    private record Known(long sinceMillis, long openedMillis, Map<String, String> metadata) {}

    private record Defined(long sequence, long atMillis, Map<String, String> metadata) {}

    void add(Entry entry) {
        switch (entry.event()) {
            case Event.AccountOpened e -> {
                Known before = accounts.get(e.account());
                long since = before == null ? entry.atMillis() : before.sinceMillis();
                accounts.put(e.account(), new Known(since, entry.atMillis(), e.metadata()));
            }
            case Event.AssetDefined e ->
                assets.put(e.asset().code(), new Defined(entry.sequence(), entry.atMillis(), e.metadata()));
            default -> {
                for (Posting posting : entry.postings()) {
                    if (posting.version() == 1) {
                        accounts.putIfAbsent(posting.account(), new Known(entry.atMillis(), NEVER, Map.of()));
                    }
                }
            }
        }
    }

    /** All accounts that there must be rows of, in no order. */
    Iterable<String> accountIds() {
        return accounts.keySet();
    }

    /** All assets that there must be rows of. */
    Iterable<String> assetCodes() {
        return assets.keySet();
    }

    /** The row of an account; null when there must be none. */
    @Nullable
    HistoryRow account(String id, AuditShard state) {
        Known known = accounts.get(id);
        Account account = state.account(id);
        if (known == null || account == null) {
            return null;
        }
        Map<String, String> lowest = new TreeMap<>();
        account.limits().lowest().forEach((asset, limit) -> lowest.put(asset, Amount.digits(limit)));
        Map<String, String> highest = new TreeMap<>();
        account.limits().highest().forEach((asset, limit) -> highest.put(asset, limit.toString()));
        return HistoryRow.of(
                HistoryTable.ACCOUNTS,
                state.header().shard(),
                0,
                id,
                HistoryRow.micros(known.sinceMillis()),
                known.openedMillis() == NEVER ? null : HistoryRow.micros(known.openedMillis()),
                account.status().name().toLowerCase(Locale.ROOT),
                json(lowest),
                json(highest),
                json(known.metadata()));
    }

    /** The row of an asset; null when there must be none on this shard. */
    @Nullable
    HistoryRow asset(String code, AuditShard state) {
        Defined defined = assets.get(code);
        Asset asset = state.asset(code);
        if (defined == null || asset == null) {
            return null;
        }
        Amount maxSupply = asset.maxSupply();
        return HistoryRow.of(
                HistoryTable.ASSETS,
                state.header().shard(),
                0,
                code,
                asset.name(),
                asset.symbol(),
                asset.emoji(),
                Integer.toString(asset.decimals()),
                maxSupply == null ? null : maxSupply.toString(),
                Long.toString(defined.sequence()),
                HistoryRow.micros(defined.atMillis()),
                json(defined.metadata()));
    }

    /** An object; null for one without members, which the journal leaves out. */
    private static @Nullable String json(Map<String, String> members) {
        if (members.isEmpty()) {
            return null;
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, String> member : members.entrySet()) {
                json.writeStringField(member.getKey(), member.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory does not fail", e);
        }
        return text.toString();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(accounts.size());
        for (Map.Entry<String, Known> account : accounts.entrySet()) {
            out.writeUTF(account.getKey());
            out.writeLong(account.getValue().sinceMillis());
            out.writeLong(account.getValue().openedMillis());
            write(account.getValue().metadata(), out);
        }
        out.writeInt(assets.size());
        for (Map.Entry<String, Defined> asset : assets.entrySet()) {
            out.writeUTF(asset.getKey());
            out.writeLong(asset.getValue().sequence());
            out.writeLong(asset.getValue().atMillis());
            write(asset.getValue().metadata(), out);
        }
    }

    private static void write(Map<String, String> metadata, DataOutputStream out) throws IOException {
        out.writeInt(metadata.size());
        for (Map.Entry<String, String> member : metadata.entrySet()) {
            out.writeUTF(member.getKey());
            out.writeUTF(member.getValue());
        }
    }

    /** Goes on from what another one has written. */
    void read(DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            accounts.put(in.readUTF(), new Known(in.readLong(), in.readLong(), metadata(in)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            assets.put(in.readUTF(), new Defined(in.readLong(), in.readLong(), metadata(in)));
        }
    }

    private static Map<String, String> metadata(DataInputStream in) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            metadata.put(in.readUTF(), in.readUTF());
        }
        return metadata.isEmpty() ? Map.of() : metadata;
    }
}
