package io.pacioli.ledger.bench.micro;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fingerprint;
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

/** The record of one transfer's command: written, read, and the fingerprint by which a repeated one is told from another. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
@SuppressWarnings("NullAway.Init") // JMH calls what is marked as set-up
public class CommandCodecBenchmark {
    private Command command;
    private byte[] bytes;

    /** Any transfer. */
    @Setup
    public void start() {
        command = new SampleShard().transfer();
        bytes = CommandCodec.encode(command);
    }

    @Benchmark
    public byte[] encode() {
        return CommandCodec.encode(command);
    }

    @Benchmark
    public Command decode() {
        return CommandCodec.decode(bytes);
    }

    @Benchmark
    public Fingerprint fingerprint() {
        return CommandCodec.fingerprint(command);
    }
}
