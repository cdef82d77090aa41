package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection, made when it is first used and remade by itself when it is lost; its commands run in the order in which they are
 * given. Thread safe.
 */
final class RedisLink {
    private static final int CAUSES_MAX = 10;
    private static final long ATTEMPT_NANOS = Duration.ofMillis(250).toNanos();

    private final Supplier<Connection> connector;
    private final Runnable doubted;
    private final long waitMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
    private @Nullable RedisException failure;
    private long failedAtNanos;

    /** A connection that has been made, and its commands. */
    record Connection(
            RedisClusterAsyncCommands<String, String> commands, StatefulConnection<String, String> stateful) {}

    /**
     * Nothing is connected yet.
     *
     * @param connector makes the connection
     * @param doubted run when a command shows that the connection may not lead to a server that answers and can write; must not
     *     block
     * @param timeout how long the client lets a command take
     */
    RedisLink(Supplier<Connection> connector, Runnable doubted, Duration timeout) {
        this.connector = connector;
        this.doubted = doubted;
        // The client itself lets commands fail in time; this is the bound should it not.
        this.waitMillis = 2 * timeout.toMillis();
    }

    /**
     * The commands of the connection.
     *
     * @throws RedisException when it cannot be made; for a moment after that without trying again, so that callers do not queue up
     */
    RedisClusterAsyncCommands<String, String> commands() {
        return connected().commands();
    }

    private Connection connected() {
        Connection known = connection.get();
        return known != null ? known : connect();
    }

    private Connection connect() {
        lock.lock();
        try {
            Connection known = connection.get();
            if (known != null) {
                return known;
            }
            if (failure != null && System.nanoTime() - failedAtNanos < ATTEMPT_NANOS) {
                throw failure;
            }
            return attempt();
        } finally {
            lock.unlock();
        }
    }

    private Connection attempt() {
        try {
            Connection made = connector.get();
            connection.set(made);
            return made;
        } catch (RedisException e) {
            failure = e;
            failedAtNanos = System.nanoTime();
            throw e;
        }
    }

    /** Calls a script; Redis learns it if it does not know it. */
    CompletableFuture<String> call(RedisScript script, ScriptCall call) {
        return this.<String>eval(script, ScriptOutputType.VALUE, call);
    }

    /** Calls a script that answers with a list; Redis learns it if it does not know it. */
    CompletableFuture<List<String>> read(RedisScript script, ScriptCall call) {
        return this.<List<String>>eval(script, ScriptOutputType.MULTI, call);
    }

    private <T> CompletableFuture<T> eval(RedisScript script, ScriptOutputType type, ScriptCall call) {
        try {
            Connection used = connected();
            // The answer comes on a thread of the client, which must not wait for another connection: the text goes
            // where the
            // name went.
            return this.<T>ask(used, redis -> redis.evalsha(script.digest(), type, call.keys(), call.arguments()))
                    .exceptionallyCompose(failed -> cause(failed) instanceof RedisNoScriptException
                            ? this.<T>ask(used, redis -> redis.eval(script.text(), type, call.keys(), call.arguments()))
                            : CompletableFuture.failedFuture(cause(failed)));
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Gives one command; whatever goes wrong is told by what is returned. */
    <T> CompletableFuture<T> ask(Function<RedisClusterAsyncCommands<String, String>, RedisFuture<T>> command) {
        try {
            return ask(connected(), command);
        } catch (RedisException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <T> CompletableFuture<T> ask(
            Connection used, Function<RedisClusterAsyncCommands<String, String>, RedisFuture<T>> command) {
        return command.apply(used.commands()).toCompletableFuture().whenComplete((answer, failed) -> {
            if (failed != null) {
                doubt(used, cause(failed));
            }
        });
    }

    private void doubt(Connection used, Throwable failed) {
        boolean misled = failed instanceof RedisCommandTimeoutException || failed instanceof RedisReadOnlyException;
        if (misled && Objects.equals(connection.get(), used)) {
            doubted.run();
        }
    }

    /** Gives the connection up; the next command makes another one. What was under way fails. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection that is given up
    void renew() {
        Connection given = connection.getAndSet(null);
        if (given != null) {
            given.stateful().closeAsync();
        }
    }

    /**
     * Waits for an answer.
     *
     * @throws RedisException when there is none in time or it is a failure
     */
    <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(waitMillis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = cause(e);
            throw cause instanceof RedisException failed ? failed : new RedisException(cause);
        } catch (CancellationException e) {
            throw new RedisException("the connection was closed", e);
        } catch (TimeoutException e) {
            throw new RedisException("no answer within " + waitMillis + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        }
    }

    /** Why a command failed, in words, with what led to it: the client itself often tells no more than that it did. */
    static String reason(RedisException failed) {
        return Stream.<Throwable>iterate(failed, Objects::nonNull, Throwable::getCause)
                .limit(CAUSES_MAX)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining(": "));
    }

    private static Throwable cause(Throwable failed) {
        boolean wraps = failed instanceof ExecutionException || failed instanceof CompletionException;
        return wraps && failed.getCause() != null ? failed.getCause() : failed;
    }
}
