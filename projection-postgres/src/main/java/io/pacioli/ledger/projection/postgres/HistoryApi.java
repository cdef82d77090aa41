package io.pacioli.ledger.projection.postgres;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Positions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * History over HTTP: entries of accounts, of assets and of the whole journal, and what became of commands.
 *
 * <p>Every answer has the member {@code asOf}, the positions that it is true for; every query takes {@code ?position=}, see
 * {@link Positions}.
 */
final class HistoryApi implements HttpModule {
    private final PostingPages postings;
    private final EntryPages entries;
    private final CommandQueries commands;
    private final RejectionPages rejections;
    private final Requests requests;

    HistoryApi(Snapshots snapshots, Shards shards, Requests requests) {
        postings = new PostingPages(snapshots, shards);
        entries = new EntryPages(snapshots, shards);
        commands = new CommandQueries(snapshots, shards);
        rejections = new RejectionPages(snapshots, shards);
        this.requests = requests;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/entries", this::ofAccount);
        routes.get("/v1/assets/{asset}/entries", this::ofAsset);
        routes.get("/v1/entries", this::journal);
        routes.get("/v1/entries/{position}", this::entry);
        routes.get("/v1/transfers/{id}", this::transfer);
        routes.get("/v1/transactions/{id}", this::transaction);
        routes.get("/v1/commands/{id}", this::command);
        routes.get("/v1/rejections", this::rejections);
    }

    /** Of all modules of this projection. */
    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/history.yaml");
    }

    private void ofAccount(Context context) {
        String account = Requests.account(context);
        PostingFilter filter = new PostingFilter(
                Requests.assetQuery(context),
                Requests.query(context, "bucket", Bucket::ofWireName),
                Requests.accountQuery(context, "counterparty"),
                Requests.type(context),
                Requests.kind(context));
        Asked asked = Requests.asked(context);
        Cursor.InTime cursor = cursor(context, Cursor.Kind.ACCOUNT);
        int limit = Requests.limit(context);
        requests.answer(
                context,
                Requests.Thing.ACCOUNT,
                account,
                () -> postings.ofAccount(account, filter, asked, cursor, limit));
    }

    private void ofAsset(Context context) {
        String asset = Requests.asset(context);
        PostingFilter filter = PostingFilter.ofEntries(Requests.type(context), Requests.kind(context));
        Asked asked = Requests.asked(context);
        Cursor.InAsset cursor = Requests.query(context, "cursor", Cursor.InAsset::parse);
        int limit = Requests.limit(context);
        requests.answer(
                context, Requests.Thing.ASSET, asset, () -> postings.ofAsset(asset, filter, asked, cursor, limit));
    }

    private void journal(Context context) {
        EntryFilter filter = new EntryFilter(
                Requests.type(context),
                Requests.kind(context),
                Requests.idQuery(context, "commandId"),
                Requests.idQuery(context, "reference"),
                Requests.query(context, "metadata", HistoryApi::member));
        Asked asked = Requests.asked(context);
        Cursor.InTime cursor = cursor(context, Cursor.Kind.JOURNAL);
        int limit = Requests.limit(context);
        requests.answer(context, () -> entries.page(filter, asked, cursor, limit));
    }

    private static EntryFilter.Member member(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new MalformedException("metadata", "must be a key, a colon and a value", text);
        }
        return new EntryFilter.Member(
                Fields.text("metadata", text.substring(0, colon), Fields.METADATA_KEY_LENGTH_MAX),
                Fields.text("metadata", text.substring(colon + 1), Fields.METADATA_VALUE_LENGTH_MAX));
    }

    private void entry(Context context) {
        Position position = Requests.path(context, "position", this::position);
        requests.answer(context, Requests.Thing.ENTRY, position.toString(), () -> entries.at(position));
    }

    private Position position(String text) {
        List<Position> positions = Positions.parse(text, requests.shards());
        if (positions.size() > 1) {
            throw new IllegalArgumentException("one position");
        }
        return positions.getFirst();
    }

    private void transfer(Context context) {
        String id = Requests.id(context);
        requests.answer(context, Requests.Thing.TRANSFER, id, () -> commands.transfer(id));
    }

    private void transaction(Context context) {
        String id = Requests.id(context);
        requests.answer(context, Requests.Thing.TRANSACTION, id, () -> commands.transaction(id));
    }

    private void command(Context context) {
        String id = Requests.id(context);
        requests.answer(context, Requests.Thing.COMMAND, id, () -> commands.command(id));
    }

    private void rejections(Context context) {
        RejectionPages.Filter filter =
                new RejectionPages.Filter(code(context), Requests.accountQuery(context, "account"));
        Asked asked = Requests.asked(context);
        Cursor.InTime cursor = cursor(context, Cursor.Kind.REJECTIONS);
        int limit = Requests.limit(context);
        requests.answer(context, () -> rejections.page(filter, asked, cursor, limit));
    }

    /** The code of rejections. */
    static @Nullable String code(Context context) {
        return Requests.query(
                context,
                "code",
                text -> Arrays.stream(Rejection.values())
                        .map(Rejection::name)
                        .filter(text::equals)
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalArgumentException("the code of a rejection, such as INSUFFICIENT_FUNDS")));
    }

    private static Cursor.@Nullable InTime cursor(Context context, Cursor.Kind kind) {
        return Requests.query(context, "cursor", text -> Cursor.InTime.parse(kind, text));
    }
}
