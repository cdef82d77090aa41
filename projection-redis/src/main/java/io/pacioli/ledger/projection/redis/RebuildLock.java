package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.service.rebuild.RebuildException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The right to rebuild a store, of one rebuild at a time: a key with its owner, which ends by itself some seconds after an owner that was
 * killed. It saves the time of a second one that would be in vain; that no two get in each other's way is seen to by the swap, which takes
 * place only with what this one has built. Thread safe.
 */
final class RebuildLock implements AutoCloseable {
    /** How long it outlasts an owner that is killed. */
    static final Duration LEASE = Duration.ofSeconds(15);

    private static final String RELEASE = "0";

    private final RedisLink link;
    private final String key;
    private final String owner;
    private final ScheduledExecutorService renewing = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("rebuild-lock").daemon().factory());
    private final AtomicReference<@Nullable String> usurper = new AtomicReference<>();

    private RebuildLock(RedisLink link, String key) {
        this.link = link;
        this.key = key;
        owner = "process " + ProcessHandle.current().pid() + ", " + UUID.randomUUID();
    }

    /**
     * Takes it.
     *
     * @throws RebuildException when another one has it
     * @throws RedisException when Redis does not answer
     */
    @SuppressWarnings("FutureReturnValueIgnored") // it renews until it is closed, and tells of itself what goes wrong
    static RebuildLock take(RedisLink link, RedisKeys keys) {
        RebuildLock lock = new RebuildLock(link, keys.rebuild());
        String holder = lock.ask(Long.toString(LEASE.toMillis()));
        if (!holder.equals(lock.owner)) {
            lock.renewing.close();
            throw refused(holder);
        }
        long pauseMillis = LEASE.toMillis() / 3;
        lock.renewing.scheduleWithFixedDelay(lock::renew, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
        return lock;
    }

    private static RebuildException refused(String holder) {
        return new RebuildException("another rebuild of this Redis is under way (" + holder
                + "); one that was killed is forgotten after " + LEASE.toSeconds() + " s");
    }

    private void renew() {
        try {
            String holder = ask(Long.toString(LEASE.toMillis()));
            if (!holder.equals(owner)) {
                usurper.set(holder);
            }
        } catch (RedisException e) {
            // The next time; meanwhile whatever this one does in Redis fails just as well.
        }
    }

    /** @throws RebuildException when it stood still for so long that another one has taken it */
    void require() {
        String holder = usurper.get();
        if (holder != null) {
            throw refused(holder);
        }
    }

    private String ask(String millis) {
        return link.await(link.call(RedisScript.LOCK, ScriptCall.of(List.of(key), owner, millis)));
    }

    /** Gives it up. */
    @Override
    public void close() {
        renewing.close();
        try {
            ask(RELEASE);
        } catch (RedisException e) {
            // It ends by itself.
        }
        link.renew();
    }
}
