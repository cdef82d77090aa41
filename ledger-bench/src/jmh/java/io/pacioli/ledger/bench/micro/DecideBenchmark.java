package io.pacioli.ledger.bench.micro;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Deciding transfers on one shard in memory, per transfer: alone, with the change of state, and with the sealed journal record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@SuppressWarnings("NullAway.Init") // JMH calls what is marked as set-up
public class DecideBenchmark {
    private static final int TRANSFERS = 20_000;

    private SampleShard shard;
    private List<Input> inputs;

    /** A fresh shard each time, for what is decided makes it grow; many transfers each time, so that this does not count. */
    @Setup(Level.Invocation)
    public void start() {
        shard = new SampleShard();
        SampleShard from = shard;
        inputs = Stream.generate(from::nextInput).limit(TRANSFERS).toList();
    }

    /** The state stays the same. */
    @Benchmark
    @OperationsPerInvocation(TRANSFERS)
    public void decide(Blackhole decisions) {
        for (Input input : inputs) {
            decisions.consume(shard.decide(input));
        }
    }

    /** Each transfer finds what the ones before have left. */
    @Benchmark
    @OperationsPerInvocation(TRANSFERS)
    public void decideAndEvolve(Blackhole decisions) {
        for (Input input : inputs) {
            Decision.Journaled decision = shard.decide(input);
            shard.evolve(decision);
            decisions.consume(decision);
        }
    }

    /** The record of each entry is written and chained to the one before. */
    @Benchmark
    @OperationsPerInvocation(TRANSFERS)
    public Hash decideEvolveAndSeal() {
        Hash head = Hash.ZERO;
        for (Input input : inputs) {
            Decision.Journaled decision = shard.decide(input);
            shard.evolve(decision);
            for (Entry entry : decision.entries()) {
                SealedEntry sealed = JournalCodec.encode(entry, head);
                head = sealed.hash();
            }
        }
        return head;
    }
}
