package io.pacioli.ledger.service;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Read your writes: {@code ?position=3:1841} makes a query wait until the projection has that entry, {@code ?wait=2s} for how
 * long at most.
 */
public final class Positions {
    /** How long a query waits unless it says otherwise. */
    public static final Duration WAIT = Duration.ofSeconds(5);

    /** The longest that a query may ask to wait. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private static final int TEXT_LENGTH_MAX = 16 * 1024;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    private Positions() {}

    /**
     * Waits for the positions that the request asks for, if it does.
     *
     * @throws ProblemException 400 when the parameter {@code position} or {@code wait} is malformed or names a shard that is not
     *     there; 503 with {@code Retry-After} when the projection does not get there in time (code {@code POSITION_NOT_REACHED},
     *     the member {@code position} tells where it is) or too many requests wait (code {@code TOO_MANY_WAITERS})
     */
    public static void await(Context context, PositionGate gate) {
        Parameters parameters = Parameters.of(context);
        Duration max = parameters.duration("wait", WAIT, WAIT_MAX);
        List<Position> wanted =
                asked(context, text -> parse(text, gate.shards())).orElse(List.of());
        long deadline = System.nanoTime() + max.toNanos();
        for (Position position : wanted) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!reached(gate, position, left)) {
                throw notReached(gate, wanted, max);
            }
        }
    }

    /**
     * The positions that a request names in its parameter {@code position}, which may be one for each of a thousand shards.
     *
     * @param parse as for {@link Parameters#value}
     */
    public static Optional<List<Position>> asked(Context context, Function<String, List<Position>> parse) {
        return Parameters.of(context).value("position", TEXT_LENGTH_MAX, parse);
    }

    /**
     * Reads {@code shard:sequence}, several of them separated by commas.
     *
     * @param shards the number of shards
     * @throws MalformedException when the text is anything else or names a shard that is not there
     */
    public static List<Position> parse(String text, int shards) {
        List<Position> positions =
                Arrays.stream(text.split(",", -1)).map(Position::parse).toList();
        for (Position position : positions) {
            if (position.shard() >= shards) {
                throw new MalformedException("position", "must name a shard from 0 to " + (shards - 1), text);
            }
        }
        return positions;
    }

    /** The form that {@link #parse} reads, by shard: {@code 0:17,3:1841}. */
    public static String text(Collection<Position> positions) {
        return positions.stream()
                .sorted(Comparator.comparingInt(Position::shard))
                .map(Position::toString)
                .collect(Collectors.joining(","));
    }

    /**
     * Answers a question from a store that has what the request asks for: waits for it first, then looks whether the answer itself
     * is late enough, as a store may be set back in between by a failover or a restored backup.
     *
     * @param question asks the store
     * @param asOf the positions that an answer is true for
     * @throws ProblemException as {@link #await} does
     */
    public static <T> T answer(
            Context context, PositionGate gate, Supplier<T> question, Function<T, Collection<Position>> asOf) {
        await(context, gate);
        T answer = question.get();
        Map<Integer, Long> wanted = asked(context, text -> parse(text, gate.shards())).orElse(List.of()).stream()
                .collect(Collectors.toMap(Position::shard, Position::sequence, Math::max));
        for (Position position : asOf.apply(answer)) {
            if (position.sequence() < wanted.getOrDefault(position.shard(), 0L)) {
                gate.reset(position.shard(), position.sequence());
                throw new ProblemException(
                        Problem.of(
                                        SERVICE_UNAVAILABLE,
                                        "POSITION_NOT_REACHED",
                                        "the projection was set back to " + position + " while it was asked")
                                .with("position", position),
                        RETRY);
            }
        }
        return answer;
    }

    private static boolean reached(PositionGate gate, Position position, Duration max) {
        try {
            return gate.await(position.shard(), position.sequence(), max);
        } catch (RejectedExecutionException e) {
            throw new ProblemException(
                    Problem.of(
                            SERVICE_UNAVAILABLE, "TOO_MANY_WAITERS", "too many requests wait for a position already"),
                    RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(Problem.ofStatus(SERVICE_UNAVAILABLE, "the server is shutting down"), RETRY);
        }
    }

    private static ProblemException notReached(PositionGate gate, List<Position> wanted, Duration max) {
        String current = wanted.stream()
                .map(position -> new Position(position.shard(), gate.sequence(position.shard())))
                .distinct()
                .map(Position::toString)
                .collect(Collectors.joining(","));
        String asked = wanted.stream().map(Position::toString).collect(Collectors.joining(","));
        String detail =
                "the projection is at " + current + " and did not reach " + asked + " within " + Durations.format(max);
        return new ProblemException(
                Problem.of(SERVICE_UNAVAILABLE, "POSITION_NOT_REACHED", detail).with("position", current), RETRY);
    }
}
