package io.pacioli.ledger.projection.redis;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The routes of live balances. Every answer names the positions that it is true for; {@code ?position=3:1841} waits until Redis has
 * that entry.
 */
final class BalancesApi implements HttpModule {
    private static final int NOT_FOUND = 404;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int LEADERS_DEFAULT = 10;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    private final RedisBalances balances;
    private final PositionGate gate;

    private record AccountBody(String account, Position position, List<Balance> balances) {}

    private record AssetsBody(List<Position> positions, List<AssetSupply> assets) {}

    private record AssetBody(@JsonUnwrapped AssetDefinition definition, BigInteger supply, Position position) {}

    private record LeaderboardBody(String asset, int decimals, List<Position> positions, List<Leader> leaders) {}

    BalancesApi(RedisBalances balances, PositionGate gate) {
        this.balances = balances;
        this.gate = gate;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/balances", this::account);
        routes.get("/v1/assets", this::assets);
        routes.get("/v1/assets/{asset}", this::asset);
        routes.get("/v1/assets/{asset}/leaderboard", this::leaderboard);
    }

    private void account(Context context) {
        String account = wellFormed(context, "account");
        if (AccountId.isClearing(account)) {
            throw Parameters.invalid(
                    "account", "must not be a clearing account, which every shard has its own of", account);
        }
        Answer<List<Balance>> answer = answer(context, () -> balances.account(account));
        List<Balance> found =
                answer.value().orElseThrow(() -> notFound("ACCOUNT_NOT_FOUND", "account", account, answer.positions()));
        context.json(new AccountBody(account, answer.positions().getFirst(), found));
    }

    private void assets(Context context) {
        Answer<List<AssetSupply>> answer = answer(context, balances::assets);
        context.json(new AssetsBody(answer.positions(), answer.value().orElse(List.of())));
    }

    private void asset(Context context) {
        String asset = wellFormed(context, "asset");
        Answer<AssetSupply> answer = answer(context, () -> balances.asset(asset));
        AssetSupply found =
                answer.value().orElseThrow(() -> notFound("ASSET_NOT_FOUND", "asset", asset, answer.positions()));
        context.json(new AssetBody(
                found.definition(), found.supply(), answer.positions().getFirst()));
    }

    private void leaderboard(Context context) {
        String asset = wellFormed(context, "asset");
        int limit = Parameters.of(context).integer("limit", LEADERS_DEFAULT, 1, RedisBalances.LEADERS_MAX);
        Answer<Leaderboard> answer = answer(context, () -> balances.leaderboard(asset, limit));
        Leaderboard found =
                answer.value().orElseThrow(() -> notFound("ASSET_NOT_FOUND", "asset", asset, answer.positions()));
        context.json(new LeaderboardBody(asset, found.decimals(), answer.positions(), found.leaders()));
    }

    /** What is in the path, which must be well-formed for a ledger to know it. */
    private static String wellFormed(Context context, String field) {
        String value = Parameters.of(context).path(field);
        try {
            return field.equals("account") ? Fields.account(field, value) : Fields.asset(field, value);
        } catch (MalformedException e) {
            throw Parameters.invalid(field, e.rule(), value);
        }
    }

    private <T> Answer<T> answer(Context context, Supplier<Answer<T>> question) {
        try {
            Positions.await(context, gate);
            return question.get();
        } catch (StoreUnavailableException e) {
            throw new ProblemException(Problem.of(SERVICE_UNAVAILABLE, e.code(), e.detail()), RETRY);
        }
    }

    private static ProblemException notFound(String code, String field, String value, List<Position> positions) {
        return new ProblemException(Problem.of(NOT_FOUND, code, "there is no " + field + " " + value)
                .with(field, value)
                .with("positions", positions));
    }
}
