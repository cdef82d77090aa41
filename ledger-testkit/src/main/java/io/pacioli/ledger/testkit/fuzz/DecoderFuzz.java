package io.pacioli.ledger.testkit.fuzz;

import io.pacioli.ledger.core.MalformedException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Feeds decoders with mutated messages. Each input follows from the seed and its number alone, so one that failed is found again at once.
 */
public final class DecoderFuzz {
    /** The longest that reading an input may take. */
    public static final Duration INPUT_MAX = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int STUCK_LOOKS_MAX = 20;
    private static final int TOLD_EVERY = 10_000;
    private static final int SHOWN_BYTES_MAX = 6_000;
    private static final int LINE_MAX = 300;

    private final List<FuzzTarget> targets;
    private final List<List<String>> samples;
    private final long seed;
    private final long[] accepted;
    private final long[] refused;
    private long slowestNanos;
    private boolean lastWasRefused;
    private String slowest = "none";
    private volatile long current;

    /** @param seed decides all inputs */
    public DecoderFuzz(long seed, List<FuzzTarget> targets) {
        this.seed = seed;
        this.targets = List.copyOf(targets);
        samples = targets.stream().map(FuzzTarget::samples).toList();
        accepted = new long[targets.size()];
        refused = new long[targets.size()];
    }

    /**
     * Reads so many inputs, of each target in turn.
     *
     * @param progress is told now and then how many there were
     * @throws FuzzFailure when one of them is answered with anything else than a value or a {@link MalformedException}, takes longer than
     *     {@link #INPUT_MAX} twice, or does not end at all
     */
    public FuzzReport run(long inputs, LongConsumer progress) {
        long startNanos = System.nanoTime();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread worker = Thread.ofPlatform().daemon().name("fuzz").start(() -> {
            try {
                for (long number = 0; number < inputs; number++) {
                    current = number;
                    one(number);
                    if (number % TOLD_EVERY == 0) {
                        progress.accept(number);
                    }
                }
                done.complete(null);
            } catch (RuntimeException | Error e) {
                done.completeExceptionally(e);
            }
        });
        await(done, worker);
        Map<String, FuzzReport.Counts> counts = new TreeMap<>();
        for (int i = 0; i < targets.size(); i++) {
            counts.put(targets.get(i).name(), new FuzzReport.Counts(accepted[i], refused[i]));
        }
        return new FuzzReport(counts, slowestNanos, slowest, System.nanoTime() - startNanos);
    }

    /** Counts looks and no time: a machine that stood still in between is no reason to fail. */
    private void await(CompletableFuture<Void> done, Thread worker) {
        long last = -1;
        int looks = 0;
        while (true) {
            try {
                done.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                looks = last == current ? looks + 1 : 0;
                last = current;
                if (looks > STUCK_LOOKS_MAX) {
                    FuzzFailure stuck = failure(last, new IllegalStateException("it does not end", e));
                    stuck.setStackTrace(worker.getStackTrace());
                    throw stuck;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof FuzzFailure known ? known : new FuzzFailure("failed", e);
            }
        }
    }

    private void one(long number) {
        int target = (int) (number % targets.size());
        SplittableRandom random = random(number);
        byte[] input = Mutator.next(random, samples.get(target));
        long nanos = read(target, number, input, random);
        if (nanos > INPUT_MAX.toNanos()) {
            // A second look, because a machine may have been busy with something else.
            nanos = read(target, number, input, random);
            if (nanos > INPUT_MAX.toNanos()) {
                throw failure(number, new IllegalStateException("it took " + Duration.ofNanos(nanos)));
            }
        }
        (lastWasRefused ? refused : accepted)[target]++;
        if (nanos > slowestNanos) {
            slowestNanos = nanos;
            slowest = targets.get(target).name();
        }
    }

    private long read(int target, long number, byte[] input, SplittableRandom random) {
        long startNanos = System.nanoTime();
        try {
            targets.get(target).read(input, random);
            lastWasRefused = false;
        } catch (MalformedException e) {
            lastWasRefused = true;
            if (e.field().isBlank()
                    || e.rule().isBlank()
                    || String.valueOf(e.getMessage()).length() > LINE_MAX * LINE_MAX) {
                throw failure(number, e);
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            throw failure(number, e);
        }
        return System.nanoTime() - startNanos;
    }

    private SplittableRandom random(long number) {
        long mixed = (seed ^ (number * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
        return new SplittableRandom(mixed ^ (mixed >>> 31));
    }

    private FuzzFailure failure(long number, Throwable cause) {
        FuzzTarget target = targets.get((int) (number % targets.size()));
        byte[] input = Mutator.next(random(number), target.samples());
        String shown = input.length > SHOWN_BYTES_MAX
                ? input.length + " bytes"
                : Base64.getEncoder().encodeToString(input);
        return new FuzzFailure(
                target.name() + " does not refuse an input as it should: seed=" + seed + " number=" + number + " input="
                        + shown + " because of " + cause,
                cause);
    }
}
