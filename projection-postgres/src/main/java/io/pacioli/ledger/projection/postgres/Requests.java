package io.pacioli.ledger.projection.postgres;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all requests about history have in common: their parameters, waiting for a position, and the problems of a store that is away
 * and of things that are not there.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    private static final int LIMIT = 50;
    private static final int LIMIT_MAX = 500;
    private static final int NOT_FOUND = 404;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    /** States of SQL: a statement took too long; a schema or table is missing. */
    private static final String QUERY_CANCELED = "57014";

    private static final Set<String> NOT_THERE_YET = Set.of("3F000", "42P01");
    private static final Set<String> TYPES = Arrays.stream(Event.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toCollection(TreeSet::new));

    private final PositionGate gate;

    /** @param gate lets requests wait for a position */
    Requests(PositionGate gate) {
        this.gate = gate;
    }

    /** The number of shards. */
    int shards() {
        return gate.shards();
    }

    /** What is not there, for the problem that says so. */
    enum Thing {
        ACCOUNT("account", "no account has this id"),
        ASSET("asset", "no asset has this code"),
        TRANSFER("id", "no transfer that was accepted or waits has this id"),
        TRANSACTION("id", "no transaction that was accepted or waits has this id"),
        COMMAND("id", "no command with this id has been decided"),
        ENTRY("position", "there is no entry yet at this position");

        private final String field;
        private final String detail;

        Thing(String field, String detail) {
            this.field = field;
            this.detail = detail;
        }

        ProblemException notFound(String value, List<Position> asOf) {
            return new ProblemException(
                    Problem.of(NOT_FOUND, name() + "_NOT_FOUND", detail + ": " + field + "=" + value)
                            .with(field, value)
                            .with("asOf", Positions.text(asOf)));
        }
    }

    /**
     * Answers in JSON from what the store finds, once it is where the request wants it.
     *
     * @throws ProblemException when it finds nothing, is away or does not get there
     */
    <T> void answer(Context context, Thing thing, String value, Supplier<Found<T>> question) {
        Found<T> found = ask(context, question);
        Answers.json(context, found.asOf(), present(found, thing, value));
    }

    /** The same for an answer that is always there. */
    <T> void answer(Context context, Supplier<Found<T>> question) {
        Found<T> found = ask(context, question);
        Answers.json(context, found.asOf(), found.present());
    }

    /** What was found. */
    static <T> T present(Found<T> found, Thing thing, String value) {
        T answer = found.answer();
        if (answer == null) {
            throw thing.notFound(value, found.asOf());
        }
        return answer;
    }

    /** Asks the store, once it is where the request wants it. */
    <T> Found<T> ask(Context context, Supplier<Found<T>> question) {
        try {
            return Positions.answer(context, gate, question, Found::asOf);
        } catch (DataAccessException e) {
            LOG.warn("A query failed: {}", Failures.reason(e));
            LOG.debug("A query failed", e);
            throw problem(e);
        }
    }

    /** What to tell of a failure. Without a time to try again when trying again would take as long. */
    static ProblemException problem(DataAccessException failure) {
        String state = failure.sqlState();
        if (QUERY_CANCELED.equals(state)) {
            return new ProblemException(Problem.of(
                    SERVICE_UNAVAILABLE,
                    "QUESTION_TIMED_OUT",
                    "the answer takes longer to find than a question may take: ask for less"));
        }
        return NOT_THERE_YET.contains(state)
                ? upgrading()
                : unavailable("STORE_UNAVAILABLE", "history cannot be read now");
    }

    /** The problem of asking before the tables are there and filled. */
    static ProblemException upgrading() {
        return unavailable("STORE_UPGRADING", "history is being upgraded");
    }

    /** The problem of an answer that cannot be had now. */
    static ProblemException unavailable(String code, String detail) {
        return new ProblemException(Problem.of(SERVICE_UNAVAILABLE, code, detail), RETRY);
    }

    static String account(Context context) {
        return path(context, "account", account -> Fields.account("account", account));
    }

    static String asset(Context context) {
        return path(context, "asset", asset -> Fields.asset("asset", asset));
    }

    static String id(Context context) {
        return path(context, "id", id -> Fields.id("id", id));
    }

    /** A parameter of the path, read by a parser that throws what those of {@link Parameters#value} may. */
    static <T> T path(Context context, String name, Function<String, T> parse) {
        String value = Parameters.of(context).path(name);
        try {
            return parse.apply(value);
        } catch (MalformedException e) {
            throw Parameters.invalid(name, e.rule(), value);
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid(name, "must be " + e.getMessage(), value);
        }
    }

    /** A query parameter; null when there is none. */
    static <T> @Nullable T query(Context context, String name, Function<String, T> parse) {
        return Parameters.of(context).value(name, parse).orElse(null);
    }

    static @Nullable String assetQuery(Context context) {
        return query(context, "asset", asset -> Fields.asset("asset", asset));
    }

    static @Nullable String accountQuery(Context context, String name) {
        return query(context, name, account -> Fields.account(name, account));
    }

    static @Nullable String idQuery(Context context, String name) {
        return query(context, name, id -> Fields.id(name, id));
    }

    /** The type of entries. */
    static @Nullable String type(Context context) {
        return query(context, "type", type -> {
            if (!TYPES.contains(type)) {
                throw new IllegalArgumentException("one of " + String.join(", ", TYPES));
            }
            return type;
        });
    }

    /** What a movement of money is called. */
    static @Nullable String kind(Context context) {
        return query(context, "kind", kind -> TransferKind.ofWireName(kind).wireName());
    }

    static int limit(Context context) {
        return Parameters.of(context).integer("limit", LIMIT, 1, LIMIT_MAX);
    }

    /** The time that a list is asked for. */
    static Asked asked(Context context) {
        Parameters parameters = Parameters.of(context);
        Instant from = parameters.instant("from").orElse(null);
        Instant to = parameters.instant("to").orElse(null);
        if (from != null && to != null && !from.isBefore(to)) {
            throw Parameters.invalid("to", "must be later than from: from=" + from, to.toString());
        }
        return new Asked(from, to);
    }
}
