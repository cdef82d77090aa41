package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.Differences;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import io.pacioli.ledger.service.rebuild.ShardThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds shards anew from the journal beside those that queries read, compares the two, and lets the new ones take the place of the old;
 * or puts single accounts right.
 *
 * <p>A shard is compared and swapped at a moment at which both stand at the same position, by one script each. So nothing that happens
 * meanwhile looks like a difference, queries neither go back nor ahead, and the projector, which applies what continues that position,
 * need not know: nothing that it publishes is left out or comes twice. Whatever stops this leaves each shard either as it was or new and
 * complete; what was built beside is taken away by the next rebuild at the latest.
 *
 * <p>Methods throw a {@link RebuildException} when Redis or the journal cannot be read.
 */
public final class RedisRebuild implements AutoCloseable {
    /** How long a shard may move on between the moment when its position is read and the swap, again and again. */
    private static final Duration SWAP_MAX = Duration.ofSeconds(60);

    private static final long PAUSE_MILLIS = 5;

    private final RebuildSettings settings;
    private final RedisEndpoint endpoint;
    private final RedisKeys keys;
    private final RedisKeys next;
    private final Differences differences = new Differences();
    private final Runnable beforeSwap;
    private volatile @Nullable RebuildLock lock;

    /** How a shard stands to what has been built beside it. */
    private enum Standing {
        /** At the same position, with the same hash. */
        EQUAL,
        /** Nothing can be said about it: it is empty, being rebuilt by its projector, or of an older layout. */
        INCOMPLETE,
        /** It is behind: its projector will go on. */
        BEHIND,
        /** It holds what is not in this journal. */
        FOREIGN
    }

    private record Built(Position at, boolean isSwapped, List<String> notes) {}

    /** Connects to nothing yet. */
    public RedisRebuild(RebuildSettings settings, RedisSettings redis) {
        this(settings, redis, () -> {});
    }

    /** @param beforeSwap run when a shard has been built and compared, before it is swapped */
    RedisRebuild(RebuildSettings settings, RedisSettings redis, Runnable beforeSwap) {
        this.settings = settings;
        this.endpoint = new RedisEndpoint(redis);
        this.keys = new RedisKeys(redis.namespace());
        this.next = keys.next();
        this.beforeSwap = beforeSwap;
    }

    /** Rebuilds all shards. */
    public RebuildReport run(RebuildProgress.Listener listener) {
        int shards = settings.router().shards();
        RebuildProgress progress = new RebuildProgress(shards, listener);
        return report(
                () -> ShardThreads.forEach(shards, settings.threads(), shard -> new Shard(shard, progress).rebuild()));
    }

    /**
     * Puts accounts right, of clearing accounts those of all shards.
     *
     * @param accounts 1 or more
     */
    public RebuildReport repair(Collection<String> accounts, RebuildProgress.Listener listener) {
        List<Integer> shards = IntStream.range(0, settings.router().shards())
                .filter(shard -> accounts.stream().anyMatch(account -> isOn(account, shard)))
                .boxed()
                .toList();
        RebuildProgress progress = new RebuildProgress(settings.router().shards(), listener);
        return report(() -> ShardThreads.forEach(shards.size(), settings.threads(), index -> {
            int shard = shards.get(index);
            NavigableSet<String> own = new TreeSet<>(accounts);
            own.removeIf(account -> !isOn(account, shard));
            return new Shard(shard, progress).repair(own);
        }));
    }

    private boolean isOn(String account, int shard) {
        return AccountId.isClearing(account) || settings.router().shardOf(account) == shard;
    }

    private RebuildReport report(Supplier<List<Built>> work) {
        long startNanos = System.nanoTime();
        try (RebuildLock taken = RebuildLock.take(endpoint.link(), keys)) {
            lock = taken;
            List<Built> built = work.get();
            return new RebuildReport(
                    built.stream().mapToLong(one -> one.at().sequence()).sum(),
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    built.stream().map(Built::at).toList(),
                    differences.compared(),
                    differences.count(),
                    differences.first(),
                    built.stream().allMatch(Built::isSwapped),
                    built.stream().flatMap(one -> one.notes().stream()).toList());
        } catch (RedisException e) {
            throw new RebuildException("Redis cannot be reached or refuses: " + RedisLink.reason(e), e);
        }
    }

    @Override
    public void close() {
        endpoint.close();
    }

    /** One shard; its connection is its own, so that what it tells Redis comes in that order and waits for no other shard's. */
    private final class Shard {
        private final int shard;
        private final RebuildProgress progress;
        private final RedisLink link = endpoint.link();
        private final ProjectionStore live = new ProjectionStore(link, keys);
        private final List<String> replaced;
        private final List<String> built;
        private final List<String> notes = new ArrayList<>();
        private List<String> known = List.of();
        private long deadlineNanos = Long.MAX_VALUE;

        Shard(int shard, RebuildProgress progress) {
            this.shard = shard;
            this.progress = progress;
            replaced = keys.all(shard, List.of());
            built = next.all(shard, List.of());
        }

        Built rebuild() {
            try (ShardJournal journal = ShardJournal.open(settings.kafka(), settings.topics(), shard);
                    StagedShard staged = StagedShard.begin(journal, new ProjectionStore(link, next), progress)) {
                boolean isCompared = false;
                while (true) {
                    known = live.assets(shard);
                    String stored = live.await(live.position(shard));
                    Standing standing = standing(stored, staged);
                    if (standing == Standing.EQUAL && !isCompared) {
                        compare(staged);
                        isCompared = true;
                        continue;
                    }
                    if (standing != Standing.BEHIND) {
                        tell(standing, stored, staged);
                        if (!settings.swapping() || (standing == Standing.FOREIGN && !settings.forced())) {
                            return new Built(at(staged), false, notes);
                        }
                        if (swap(stored, staged)) {
                            return new Built(at(staged), true, notes);
                        }
                    }
                    goOn(staged);
                }
            } finally {
                link.renew();
            }
        }

        private Standing standing(String stored, StagedShard staged) {
            Optional<StorePosition> position = parse(stored);
            boolean isIncomplete = stored.isEmpty()
                    || StorePosition.layout(stored) == StorePosition.Layout.OLDER
                    || position.filter(StorePosition::isRebuilding).isPresent();
            if (position.isEmpty() || isIncomplete) {
                staged.advanceToEnd();
                return isIncomplete ? Standing.INCOMPLETE : Standing.FOREIGN;
            }
            long sequence = position.get().sequence();
            if (sequence < staged.tip().sequence()) {
                return Standing.BEHIND;
            }
            return staged.advanceTo(sequence) && staged.tip().text().equals(stored) ? Standing.EQUAL : Standing.FOREIGN;
        }

        private static Optional<StorePosition> parse(String stored) {
            if (StorePosition.layout(stored) == StorePosition.Layout.NEWER) {
                throw new RebuildException("Redis has a layout that only a newer version knows: position=" + stored);
            }
            try {
                return Optional.of(StorePosition.parse(stored));
            } catch (MalformedException e) {
                return Optional.empty();
            }
        }

        /** Notes once what is the matter with a shard that cannot be compared. */
        private void tell(Standing standing, String stored, StagedShard staged) {
            if (standing == Standing.EQUAL || !notes.isEmpty()) {
                return;
            }
            if (standing == Standing.INCOMPLETE) {
                notes.add("shard " + shard + " in Redis was empty or not complete: there was nothing to compare");
                return;
            }
            staged.advanceToEnd();
            differences.add(
                    new Difference(at(staged), "position", stored, staged.tip().text()));
            notes.add("shard " + shard + " in Redis is ahead of this journal, or true for another one"
                    + (settings.forced() ? "" : ", and was left alone"));
        }

        private Position at(StagedShard staged) {
            return new Position(shard, staged.tip().sequence());
        }

        /** Compares page by page, each where it stands; what is built is brought there first. */
        private void compare(StagedShard staged) {
            ShardComparison comparison = new ShardComparison(differences);
            for (int page = 0; page < RedisBalances.PAGES; page++) {
                List<String> assets = assets(staged);
                ComparedPage stored = page(keys, page, assets);
                if (standing(stored.position(), staged) != Standing.EQUAL) {
                    throw new RebuildException(
                            "shard " + shard + " in Redis was replaced while it was compared: position="
                                    + stored.position() + "; start again");
                }
                staged.settle();
                comparison.compare(at(staged), stored, page(next, page, assets));
            }
        }

        private List<String> assets(StagedShard staged) {
            Set<String> assets = new TreeSet<>(live.assets(shard));
            assets.addAll(staged.ranked());
            return List.copyOf(assets);
        }

        private ComparedPage page(RedisKeys of, int page, List<String> assets) {
            List<String> answer =
                    link.await(link.read(RedisScript.COMPARE, ComparedPage.call(of, shard, page, assets)));
            return ComparedPage.of(answer, assets.size());
        }

        /** Whether what was built is the shard now; not when the shard has moved on meanwhile. */
        private boolean swap(String stored, StagedShard staged) {
            if (deadlineNanos == Long.MAX_VALUE) {
                beforeSwap.run();
            }
            Objects.requireNonNull(lock).require();
            List<String> names = new ArrayList<>(List.of(keys.position(shard), next.position(shard)));
            names.addAll(replaced);
            staged.ranked().forEach(asset -> names.add(keys.leaderboard(shard, asset)));
            names.addAll(built);
            staged.ranked().forEach(asset -> names.add(next.leaderboard(shard, asset)));
            known.stream()
                    .filter(asset -> !staged.ranked().contains(asset))
                    .forEach(asset -> names.add(keys.leaderboard(shard, asset)));
            int pairs = built.size() + staged.ranked().size();
            String answer = link.await(link.call(
                    RedisScript.SWAP, ScriptCall.of(names, stored, staged.tip().text(), Integer.toString(pairs))));
            staged.settle();
            return answer.equals(stored);
        }

        /** Reads ahead for another try, unless there were enough. */
        private void goOn(StagedShard staged) {
            long now = System.nanoTime();
            if (deadlineNanos == Long.MAX_VALUE) {
                deadlineNanos = now + SWAP_MAX.toNanos();
            } else if (now > deadlineNanos) {
                throw new RebuildException(
                        "shard " + shard + " in Redis was at no position that it could be swapped at for "
                                + SWAP_MAX.toSeconds() + " s; start again when there is less to do");
            }
            staged.fetch();
            try {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RebuildException("interrupted", e);
            }
        }

        Built repair(NavigableSet<String> accounts) {
            try (ShardJournal journal = ShardJournal.open(settings.kafka(), settings.topics(), shard);
                    StagedShard staged =
                            StagedShard.begin(journal, new ProjectionStore(link, next), accounts::contains, progress)) {
                accounts.forEach(account -> repair(account, staged));
                return new Built(at(staged), true, notes);
            } finally {
                link.renew();
            }
        }

        private void repair(String account, StagedShard staged) {
            while (true) {
                String stored = live.await(live.position(shard));
                switch (standing(stored, staged)) {
                    case EQUAL -> {
                        if (repair(account, stored, staged)) {
                            return;
                        }
                    }
                    case BEHIND -> {}
                    case INCOMPLETE, FOREIGN ->
                        throw new RebuildException("shard " + shard
                                + " in Redis is empty, being rebuilt or not this journal's: rebuild all of it instead");
                }
                goOn(staged);
            }
        }

        private boolean repair(String account, String stored, StagedShard staged) {
            List<String> assets = assets(staged);
            List<String> names = new ArrayList<>(List.of(
                    keys.position(shard),
                    next.position(shard),
                    keys.accounts(shard, account),
                    next.accounts(shard, account)));
            assets.forEach(asset -> names.add(keys.leaderboard(shard, asset)));
            List<String> arguments = new ArrayList<>(List.of(stored, account));
            arguments.addAll(assets);
            List<String> answer =
                    link.await(link.read(RedisScript.REPAIR, ScriptCall.of(names, arguments.toArray(String[]::new))));
            staged.settle();
            if (!answer.getFirst().equals(stored)) {
                return false;
            }
            differences.compared(1);
            String was = told("was", answer);
            String is = told("is", answer);
            if (!was.equals(is)) {
                differences.add(new Difference(at(staged), account, was, is));
            }
            return true;
        }

        private static String told(String word, List<String> answer) {
            for (int i = 1; i < answer.size(); i += 2) {
                if (answer.get(i).equals(word)) {
                    return ShardComparison.shown(ComparedPage.ordered(answer.get(i + 1)));
                }
            }
            return "";
        }
    }
}
