package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.core.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.SequencedMap;

/** A system that moves money, as its users would run it on this machine. */
interface Contender {
    /** For tables and files. */
    String name();

    /** Whether latency at a fixed rate says anything of its own; not so where only the way of sending differs from another's. */
    boolean isPaced();

    /**
     * Starts it on fresh data, with as many accounts that are funded alike, see {@link io.pacioli.ledger.bench.BenchWorkload}. Returns
     * when it is ready.
     */
    Started start(int accounts);

    /** A contender that runs. One caller at a time. */
    interface Started extends AutoCloseable {
        /** What there is to know of it, as the servers themselves tell it: versions, durability, connections, client library. */
        SequencedMap<String, String> settings();

        /**
         * Makes one transfer and waits for its outcome.
         *
         * @return whether it was accepted
         */
        boolean transfer(Command.Transfer transfer);

        /**
         * Sends as fast as the system takes it, and waits until the last transfer has come to each stage.
         *
         * @param duration how long transfers are sent
         */
        Run run(Load load, Duration duration);

        /** Sends at a fixed rate, whether or not the system keeps up. */
        Paced paced(Load load, int rate, int seconds);

        /**
         * Reads balances as many times a second, as clients of a service do, beside the transfers of {@link #paced}.
         *
         * @return how long the reads took in microseconds, and how many of the transfers were accepted; empty when the system has no
         *     such service
         */
        default Optional<PacedTransfers> reads(Load load, int rate, int seconds) {
            return Optional.empty();
        }

        /** What it has, once all that was sent has been stored. */
        Books books();

        @Override
        void close();
    }
}
