package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ASSETS;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Account statements. Thread safe. */
final class StatementQueries {
    /** Most lines of a statement. */
    static final int LINES_MAX = 10_000;

    private static final int NOT_FOUND = 404;
    private static final int UNPROCESSABLE_CONTENT = 422;

    private final Snapshots snapshots;
    private final Shards shards;

    StatementQueries(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * The statement of an account for an asset; null when there is no such account.
     *
     * @throws ProblemException 404 when there is no such asset, 410 when the time begins before what is kept, 422 when it would be
     *     too long
     */
    Found<Statement> statement(String account, String asset, Asked asked) {
        return snapshots.read(snapshot -> {
            SortedSet<Integer> concerned = new TreeSet<>(shards.of(account));
            concerned.add(shards.router().shardOf(AccountId.issuer(asset)));
            List<Position> asOf = snapshot.positions(List.copyOf(concerned));
            OffsetDateTime since = snapshot.sql()
                    .select(min(ACCOUNTS.SINCE))
                    .from(ACCOUNTS)
                    .where(ACCOUNTS.ACCOUNT.eq(account))
                    .fetchSingle()
                    .value1();
            if (since == null) {
                return new Found<>(null, asOf);
            }
            Span whole = asked.within(snapshot, snapshot.end());
            Instant to = asked.to() == null ? Collections.max(List.of(whole.from(), whole.to())) : asked.to();
            Instant from = asked.from() == null
                    ? Collections.min(List.of(to, Collections.max(List.of(since.toInstant(), whole.from()))))
                    : asked.from();
            Statement.Terms terms = new Statement.Terms(
                    account, asset, decimals(snapshot.sql(), asset, asOf), from, to, Positions.text(asOf));
            return new Found<>(statement(snapshot.sql(), terms), asOf);
        });
    }

    private static int decimals(DSLContext sql, String asset, List<Position> asOf) {
        Short decimals = sql.select(ASSETS.DECIMALS)
                .from(ASSETS)
                .where(ASSETS.ASSET.eq(asset))
                .fetchOne(ASSETS.DECIMALS);
        if (decimals == null) {
            throw new ProblemException(
                    Problem.of(NOT_FOUND, "ASSET_NOT_FOUND", "no asset has this code: asset=" + asset)
                            .with("asset", asset)
                            .with("asOf", Positions.text(asOf)));
        }
        return decimals;
    }

    private static Statement statement(DSLContext sql, Statement.Terms terms) {
        List<History.PostedEntry> entries = PostingPages.statementLines(
                sql, terms.account(), terms.asset(), new Span(terms.from(), terms.to()), LINES_MAX + 1);
        if (entries.size() > LINES_MAX) {
            throw new ProblemException(Problem.of(
                            UNPROCESSABLE_CONTENT,
                            "STATEMENT_TOO_LONG",
                            "more than " + LINES_MAX + " changes from " + terms.from() + " to " + terms.to()
                                    + "; ask for a shorter time, one that ends before "
                                    + entries.getLast().at())
                    .with("limit", Integer.toString(LINES_MAX))
                    .with("reached", entries.getLast().at()));
        }
        Condition holding = condition("account = {0} AND asset = {1}", val(terms.account()), val(terms.asset()));
        return Statement.of(
                terms,
                sum(terms.asset(), BalanceQueries.held(sql, holding, Boundary.before(terms.from()))),
                sum(terms.asset(), BalanceQueries.held(sql, holding, Boundary.before(terms.to()))),
                entries);
    }

    /** Clearing accounts have a holding on each shard. */
    private static Holding sum(String asset, List<BalanceQueries.Held> held) {
        Holding sum = Holding.empty(asset);
        for (BalanceQueries.Held one : held) {
            for (Bucket bucket : Bucket.values()) {
                sum = sum.with(bucket, sum.balance(bucket).add(one.holding().balance(bucket)));
            }
        }
        return sum;
    }
}
