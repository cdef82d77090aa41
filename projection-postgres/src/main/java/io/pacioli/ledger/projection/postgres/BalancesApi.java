package io.pacioli.ledger.projection.postgres;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import org.jspecify.annotations.Nullable;

/** Balances as of a time or a place in the journal, over HTTP. */
final class BalancesApi implements HttpModule {
    private final BalanceQueries balances;
    private final Requests requests;

    BalancesApi(Snapshots snapshots, Shards shards, Requests requests) {
        balances = new BalanceQueries(snapshots, shards);
        this.requests = requests;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/balances/{at}", this::ofAccount);
        routes.get("/v1/balances/{at}", this::ofAll);
    }

    private void ofAccount(Context context) {
        String account = Requests.account(context);
        AsOf at = at(context);
        Cursor.InHoldings cursor = Requests.query(context, "cursor", Cursor.InHoldings::parse);
        int limit = Requests.limit(context);
        requests.answer(context, Requests.Thing.ACCOUNT, account, () -> balances.ofAccount(account, at, cursor, limit));
    }

    private void ofAll(Context context) {
        AsOf at = at(context);
        @Nullable String asset = Requests.assetQuery(context);
        boolean withSystem = Parameters.of(context).flag("system");
        Cursor.InHoldings cursor = Requests.query(context, "cursor", Cursor.InHoldings::parse);
        int limit = Requests.limit(context);
        requests.answer(
                context,
                Requests.Thing.ASSET,
                String.valueOf(asset),
                () -> balances.ofAll(at, asset, withSystem, cursor, limit));
    }

    private AsOf at(Context context) {
        return Requests.path(context, "at", text -> AsOf.parse(text, requests.shards()));
    }
}
