package io.pacioli.ledger.projection.redis;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.javalin.http.Context;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about assets and who has them. */
final class AssetRoutes {
    private static final int ASSETS_MAX = 1_000;
    private static final int LEADERS_DEFAULT = 10;
    private static final int NEIGHBOURS_DEFAULT = 5;

    private final RedisBalances balances;
    private final Questions questions;

    private record AssetsBody(
            String asOf, List<AssetSupply> assets, @Nullable String nextCursor) {}

    private record AssetBody(@JsonUnwrapped AssetSupply asset, String asOf) {}

    private record LeaderboardBody(String asset, int decimals, String asOf, long count, List<Leader> leaders) {}

    private record StandingBody(
            String asset,
            int decimals,
            String asOf,
            String account,
            String status,
            @Nullable Integer rank,
            BigInteger total,
            long count,
            List<Leader> before,
            List<Leader> after) {}

    AssetRoutes(RedisBalances balances, Questions questions) {
        this.balances = balances;
        this.questions = questions;
    }

    void all(Context context) {
        Parameters parameters = Parameters.of(context);
        int limit = parameters.integer("limit", ASSETS_MAX, 1, ASSETS_MAX);
        String after =
                parameters.value("cursor", code -> Fields.asset("cursor", code)).orElse("");
        Answer<List<AssetSupply>> answer = questions.ask(context, balances::assets);
        List<AssetSupply> assets = answer.value().orElse(List.of()).stream()
                .filter(asset -> asset.definition().asset().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        List<AssetSupply> page = assets.subList(0, Math.min(limit, assets.size()));
        String next = assets.size() > limit ? page.getLast().definition().asset() : null;
        Answers.json(context, answer.positions(), new AssetsBody(Positions.text(answer.positions()), page, next));
    }

    void one(Context context) {
        String asset = Questions.asset(context);
        Answer<AssetSupply> answer = questions.ask(context, () -> balances.asset(asset));
        AssetSupply found = answer.value().orElseThrow(() -> Questions.noAsset(asset, answer.positions()));
        Answers.json(context, answer.positions(), new AssetBody(found, Positions.text(answer.positions())));
    }

    void leaderboard(Context context) {
        String asset = Questions.asset(context);
        int limit = Parameters.of(context).integer("limit", LEADERS_DEFAULT, 1, RedisBalances.LEADERS_MAX);
        Answer<Leaderboard> answer = questions.ask(context, () -> balances.leaderboard(asset, limit));
        Leaderboard found = answer.value().orElseThrow(() -> Questions.noAsset(asset, answer.positions()));
        Answers.json(
                context,
                answer.positions(),
                new LeaderboardBody(
                        asset, found.decimals(), Positions.text(answer.positions()), found.count(), found.leaders()));
    }

    void standing(Context context) {
        String asset = Questions.asset(context);
        String account = Questions.account(context);
        if (AccountId.isSystem(account)) {
            throw Parameters.invalid("account", "must not be a system account, as these are not ranked", account);
        }
        int neighbours =
                Parameters.of(context).integer("neighbours", NEIGHBOURS_DEFAULT, 0, RedisBalances.NEIGHBOURS_MAX);
        Answer<Standing> answer = questions.ask(context, () -> balances.standing(asset, account, neighbours));
        Standing found = answer.value().orElseThrow(() -> Questions.noAccount(account, answer.positions()));
        Integer decimals = found.decimals();
        if (decimals == null) {
            throw Questions.noAsset(asset, answer.positions());
        }
        Answers.json(
                context,
                answer.positions(),
                new StandingBody(
                        asset,
                        decimals,
                        Positions.text(answer.positions()),
                        account,
                        Questions.text(found.status()),
                        found.rank(),
                        found.total(),
                        found.count(),
                        found.before(),
                        found.after()));
    }
}
