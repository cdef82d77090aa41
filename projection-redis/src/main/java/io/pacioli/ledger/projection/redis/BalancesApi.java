package io.pacioli.ledger.projection.redis;

import io.javalin.config.RoutesConfig;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.PositionGate;
import java.util.Optional;

/**
 * The routes of live balances. Every answer names the positions that it is true for; {@code ?position=3:1841} waits until Redis has
 * that entry.
 */
final class BalancesApi implements HttpModule {
    private final AccountRoutes accounts;
    private final AssetRoutes assets;

    BalancesApi(RedisBalances balances, PositionGate gate) {
        Questions questions = new Questions(gate);
        this.accounts = new AccountRoutes(balances, questions);
        this.assets = new AssetRoutes(balances, questions);
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts", accounts::list);
        routes.post("/v1/accounts/balances", accounts::many);
        routes.get("/v1/accounts/{account}/balances", accounts::one);
        routes.get("/v1/assets", assets::all);
        routes.get("/v1/assets/{asset}", assets::one);
        routes.get("/v1/assets/{asset}/leaderboard", assets::leaderboard);
        routes.get("/v1/assets/{asset}/leaderboard/{account}", assets::standing);
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/balances.yaml");
    }
}
