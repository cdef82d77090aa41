package io.pacioli.ledger.bench.micro;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.core.Entry;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The journal record of one transfer: written and sealed, read, verified, and hashed alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@SuppressWarnings("NullAway.Init") // JMH calls what is marked as set-up
public class JournalCodecBenchmark {
    private Entry entry;
    private Hash previous;
    private byte[] bytes;

    /** One transfer of a shard that has some history. */
    @Setup
    public void start() {
        SampleShard shard = new SampleShard();
        entry = shard.decide(shard.nextInput()).entries().getFirst();
        previous = Hash.of(new byte[] {1});
        bytes = JournalCodec.encode(entry, previous).bytes();
    }

    @Benchmark
    public SealedEntry encode() {
        return JournalCodec.encode(entry, previous);
    }

    @Benchmark
    public JournalRecord decode() {
        return JournalCodec.decode(bytes);
    }

    @Benchmark
    public boolean isIntact() {
        return JournalCodec.isIntact(bytes);
    }

    @Benchmark
    public Hash hash() {
        return Hash.of(bytes);
    }
}
