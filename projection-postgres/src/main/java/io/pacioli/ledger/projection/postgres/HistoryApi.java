package io.pacioli.ledger.projection.postgres;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * History over HTTP: entries of an account, transfers, commands, rejections.
 *
 * <p>Every answer has the member {@code asOf}, the positions that it is true for; every query takes {@code ?position=}, see
 * {@link Positions}.
 */
final class HistoryApi implements HttpModule {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryApi.class);
    private static final int LIMIT = 50;
    private static final int LIMIT_MAX = 500;
    private static final int NOT_FOUND = 404;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    private final HistoryQueries queries;
    private final PositionGate gate;

    /** @param gate lets queries wait for a position */
    HistoryApi(HistoryQueries queries, PositionGate gate) {
        this.queries = queries;
        this.gate = gate;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/entries", this::entries);
        routes.get("/v1/transfers/{id}", this::transfer);
        routes.get("/v1/commands/{id}", this::command);
        routes.get("/v1/rejections", this::rejections);
    }

    private void entries(Context context) {
        String account = path(context, "account", name -> Fields.account("account", name));
        Cursor cursor = cursor(context);
        int limit = limit(context);
        Found<History.AccountEntries> found = afterPosition(context, () -> queries.entries(account, cursor, limit));
        context.json(orNotFound(found, "ACCOUNT_NOT_FOUND", "no account has this id", "account", account));
    }

    private void transfer(Context context) {
        String id = path(context, "id", name -> Fields.id("id", name));
        Found<History.Transfer> found = afterPosition(context, () -> queries.transfer(id));
        context.json(orNotFound(found, "TRANSFER_NOT_FOUND", "no accepted transfer has this id", "id", id));
    }

    private void command(Context context) {
        String id = path(context, "id", name -> Fields.id("id", name));
        Found<History.Command> found = afterPosition(context, () -> queries.command(id));
        context.json(orNotFound(found, "COMMAND_NOT_FOUND", "no command with this id has been decided", "id", id));
    }

    private void rejections(Context context) {
        Cursor cursor = cursor(context);
        int limit = limit(context);
        context.json(afterPosition(context, () -> queries.rejections(cursor, limit)));
    }

    private static String path(Context context, String name, UnaryOperator<String> check) {
        String value = Parameters.of(context).path(name);
        try {
            return check.apply(value);
        } catch (MalformedException e) {
            throw Parameters.invalid(name, e.rule(), value);
        }
    }

    private static @Nullable Cursor cursor(Context context) {
        return Parameters.of(context).value("cursor", Cursor::parse).orElse(null);
    }

    private static int limit(Context context) {
        return Parameters.of(context).integer("limit", LIMIT, 1, LIMIT_MAX);
    }

    private static <T> T orNotFound(Found<T> found, String code, String detail, String field, String value) {
        T answer = found.answer();
        if (answer == null) {
            throw new ProblemException(Problem.of(NOT_FOUND, code, detail + ": " + field + "=" + value)
                    .with(field, value)
                    .with("asOf", found.asOf()));
        }
        return answer;
    }

    private <T> T afterPosition(Context context, Supplier<T> query) {
        try {
            Positions.await(context, gate);
            return query.get();
        } catch (DataAccessException e) {
            LOG.warn("A query failed: {}", Failures.reason(e));
            LOG.debug("A query failed", e);
            throw new ProblemException(
                    Problem.of(SERVICE_UNAVAILABLE, "STORE_UNAVAILABLE", "history cannot be read now"), RETRY);
        }
    }
}
