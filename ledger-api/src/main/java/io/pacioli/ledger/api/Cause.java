package io.pacioli.ledger.api;

import io.pacioli.ledger.core.MalformedException;

/** What led to an entry, as {@link io.pacioli.ledger.core.Entry#cause} spells it. Whoever replays a journal finds its inputs by it. */
public sealed interface Cause {
    /** The spelling of what the operator's settings lead to. */
    String CONFIGURATION = "configuration";

    /** The index of what is a record of its own. */
    int NO_INDEX = -1;

    /**
     * A record of the command topic or of the transit topic, or a command of a batch.
     *
     * @param index the command's place in the batch, from 0; {@link #NO_INDEX} when the record is no batch
     */
    record OfRecord(String topic, int partition, long offset, int index) implements Cause {
        @Override
        public String toString() {
            return ofPart(of(topic, partition, offset), index);
        }
    }

    /** Something that fell due at that time, milliseconds since 1970-01-01 UTC. */
    record OfDue(long atMillis) implements Cause {
        @Override
        public String toString() {
            return DUE_PREFIX + atMillis;
        }
    }

    /** The settings that a processor was started with. */
    record OfConfiguration() implements Cause {
        @Override
        public String toString() {
            return CONFIGURATION;
        }
    }

    /** The spelling of a record's place, such as {@code ledger.commands-3@991}. */
    static String of(String topic, int partition, long offset) {
        return topic + '-' + partition + '@' + offset;
    }

    /** The spelling of a command of a batch, such as {@code ledger.commands-3@991#0}, or of the record itself without an index. */
    static String ofPart(String record, int index) {
        return index == NO_INDEX ? record : record + '#' + index;
    }

    /**
     * Reads a cause.
     *
     * @throws MalformedException when it is spelled in no known way
     */
    static Cause parse(String text) {
        if (text.equals(CONFIGURATION)) {
            return new OfConfiguration();
        }
        if (text.startsWith(DUE_PREFIX)) {
            return new OfDue(number(text, DUE_PREFIX.length(), text.length()));
        }
        int at = text.lastIndexOf('@');
        int dash = text.lastIndexOf('-', at);
        if (dash < 1) {
            throw malformed(text);
        }
        int hash = text.indexOf('#', at);
        long partition = number(text, dash + 1, at);
        long offset = number(text, at + 1, hash < 0 ? text.length() : hash);
        long index = hash < 0 ? NO_INDEX : number(text, hash + 1, text.length());
        if (partition > Integer.MAX_VALUE || index >= Batch.COMMANDS_MAX) {
            throw malformed(text);
        }
        return new OfRecord(text.substring(0, dash), (int) partition, offset, (int) index);
    }

    /** Stands before the time of what was due; see {@link io.pacioli.ledger.core.Input.DueInput}. */
    String DUE_PREFIX = "due@";

    private static long number(String text, int from, int to) {
        try {
            long number = Long.parseLong(text, from, to, 10);
            // Every number has one spelling: without a sign, a leading zero or digits of other scripts.
            String spelled = Long.toString(number);
            if (number >= 0 && spelled.length() == to - from && text.startsWith(spelled, from)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
        throw malformed(text);
    }

    private static MalformedException malformed(String text) {
        return new MalformedException(
                "cause",
                "must be <topic>-<partition>@<offset> with or without #<index>, due@<milliseconds> or configuration",
                text);
    }
}
