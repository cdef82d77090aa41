package io.pacioli.ledger.testkit.fuzz;

import java.util.List;
import java.util.SplittableRandom;

/** Something that reads what strangers send. */
public interface FuzzTarget {
    /** What it is called in reports. */
    String name();

    /** Well-formed inputs to begin with, with a character for each byte. */
    List<String> samples();

    /**
     * Reads an input, and checks that what came of it is written and read again as the same.
     *
     * @param random for what comes with the input
     * @throws io.pacioli.ledger.core.MalformedException as the one way to refuse it
     */
    void read(byte[] input, SplittableRandom random);
}
