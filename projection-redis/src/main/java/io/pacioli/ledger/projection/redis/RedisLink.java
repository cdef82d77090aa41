package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection, made when it is first used and remade by itself when it is lost; its commands run in the order in which they are
 * given. Thread safe.
 */
final class RedisLink {
    private static final long ATTEMPT_NANOS = Duration.ofMillis(250).toNanos();

    private final Supplier<RedisClusterAsyncCommands<String, String>> connector;
    private final long waitMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable RedisClusterAsyncCommands<String, String> connected;
    private @Nullable RedisException failure;
    private long failedAtNanos;

    RedisLink(Supplier<RedisClusterAsyncCommands<String, String>> connector, Duration timeout) {
        this.connector = connector;
        // The client itself lets commands fail in time; this is the bound should it not.
        this.waitMillis = 2 * timeout.toMillis();
    }

    /**
     * The commands of the connection.
     *
     * @throws RedisException when it cannot be made; for a moment after that without trying again, so that callers do not queue up
     */
    RedisClusterAsyncCommands<String, String> commands() {
        RedisClusterAsyncCommands<String, String> known = connected;
        return known != null ? known : connect();
    }

    private RedisClusterAsyncCommands<String, String> connect() {
        lock.lock();
        try {
            RedisClusterAsyncCommands<String, String> known = connected;
            if (known != null) {
                return known;
            }
            if (failure != null && System.nanoTime() - failedAtNanos < ATTEMPT_NANOS) {
                throw failure;
            }
            RedisClusterAsyncCommands<String, String> made = connector.get();
            connected = made;
            return made;
        } catch (RedisException e) {
            failure = e;
            failedAtNanos = System.nanoTime();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Calls a script that Redis knows; fails with {@link RedisNoScriptException} when it does not. */
    CompletableFuture<String> callLoaded(RedisScript script, ScriptCall call) {
        return this.<String>evalsha(script, ScriptOutputType.VALUE, call);
    }

    /** Calls a script that only reads; Redis learns it if it does not know it. */
    CompletableFuture<List<String>> read(RedisScript script, ScriptCall call) {
        return this.<List<String>>evalsha(script, ScriptOutputType.MULTI, call)
                .exceptionallyCompose(failed -> cause(failed) instanceof RedisNoScriptException
                        ? commands()
                                .<List<String>>eval(
                                        script.text(), ScriptOutputType.MULTI, call.keys(), call.arguments())
                                .toCompletableFuture()
                        : CompletableFuture.failedFuture(cause(failed)));
    }

    private <T> CompletableFuture<T> evalsha(RedisScript script, ScriptOutputType type, ScriptCall call) {
        return commands()
                .<T>evalsha(script.digest(), type, call.keys(), call.arguments())
                .toCompletableFuture();
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
        } catch (TimeoutException e) {
            throw new RedisException("no answer within " + waitMillis + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisException("interrupted", e);
        }
    }

    private static Throwable cause(Throwable failed) {
        boolean wraps = failed instanceof ExecutionException || failed instanceof CompletionException;
        return wraps && failed.getCause() != null ? failed.getCause() : failed;
    }
}
