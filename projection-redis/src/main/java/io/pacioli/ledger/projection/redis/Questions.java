package io.pacioli.ledger.projection.redis;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What all routes have in common: waiting for positions, and the problems of a store that cannot answer and of what is not there. */
record Questions(PositionGate gate) {
    private static final int NOT_FOUND = 404;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    /** Asks the store as soon as it has what the request wants to see. */
    <T> Answer<T> ask(Context context, Supplier<Answer<T>> question) {
        try {
            return Positions.answer(context, gate, question, Answer::positions);
        } catch (StoreUnavailableException e) {
            throw new ProblemException(Problem.of(SERVICE_UNAVAILABLE, e.code(), e.detail()), RETRY);
        }
    }

    /** The account in the path. */
    static String account(Context context) {
        return wellFormed("account", Parameters.of(context).path("account"));
    }

    /** An account that a client names, of which the ledger has one only. */
    static String wellFormed(String field, String account) {
        try {
            Fields.account(field, account);
        } catch (MalformedException e) {
            throw Parameters.invalid(field, e.rule(), account);
        }
        if (AccountId.isClearing(account)) {
            throw Parameters.invalid(
                    field, "must not be a clearing account, which every shard has its own of", account);
        }
        return account;
    }

    /** The asset in the path. */
    static String asset(Context context) {
        String asset = Parameters.of(context).path("asset");
        try {
            return Fields.asset("asset", asset);
        } catch (MalformedException e) {
            throw Parameters.invalid("asset", e.rule(), asset);
        }
    }

    /** A status as JSON has it. */
    static String text(AccountStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    static ProblemException noAccount(String account, List<Position> asOf) {
        return notFound("ACCOUNT_NOT_FOUND", "account", account, asOf);
    }

    static ProblemException noAsset(String asset, List<Position> asOf) {
        return notFound("ASSET_NOT_FOUND", "asset", asset, asOf);
    }

    private static ProblemException notFound(String code, String field, String value, List<Position> asOf) {
        return new ProblemException(Problem.of(NOT_FOUND, code, "there is no " + field + " " + value)
                .with(field, value)
                .with("asOf", Positions.text(asOf)));
    }
}
