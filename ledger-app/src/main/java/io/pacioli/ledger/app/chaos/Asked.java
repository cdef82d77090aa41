package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of a client and what the client has heard of it. The same command sent again is the same one here; another command with the
 * same id is another one. Thread safe.
 */
final class Asked {
    private final String id;
    private final Fingerprint fingerprint;
    private final String type;
    private final int shard;
    private final Command.@Nullable Transfer transfer;
    private final long firstSentNanos;
    private final List<Answer> answers = new ArrayList<>(1);
    private int sent;

    /** How an answer says that the command waits. */
    static final String PENDING = "pending ";

    /** How an answer says that the command was rejected. */
    static final String REJECTED = "rejected ";

    /**
     * An acknowledged outcome.
     *
     * @param what the type of the event, or why it was rejected, see {@link #what}
     * @param shard of its position
     * @param sequence of its position
     */
    record Heard(String what, int shard, long sequence) {
        static Heard of(Outcome outcome) {
            return new Heard(
                    Asked.what(outcome),
                    outcome.position().shard(),
                    outcome.position().sequence());
        }

        boolean isPending() {
            return what.startsWith(PENDING);
        }

        boolean isAccepted() {
            return !isPending() && !what.startsWith(REJECTED);
        }

        /** Whether it answers another command, which had the id before. */
        boolean isConflict() {
            return what.equals(Asked.CONFLICT);
        }

        @Override
        public String toString() {
            return what + " at " + shard + ":" + sequence;
        }
    }

    private record Answer(Heard heard, long atNanos) {}

    private static final String CONFLICT = REJECTED + "IDEMPOTENCY_CONFLICT";

    /** @param shard that decides it */
    Asked(Command command, Fingerprint fingerprint, int shard, long firstSentNanos) {
        id = command.id();
        this.fingerprint = fingerprint;
        type = command.type();
        transfer = command instanceof Command.Transfer asked ? asked : null;
        this.shard = shard;
        this.firstSentNanos = firstSentNanos;
    }

    /** An outcome in one text; interned, as there are millions of outcomes and few texts. */
    static String what(Outcome outcome) {
        String what = switch (outcome) {
            case Outcome.Accepted accepted -> accepted.type();
            case Outcome.Refused refused -> REJECTED + refused.rejected().code();
            case Outcome.Pending pending -> PENDING + pending.type();
        };
        return what.intern();
    }

    String id() {
        return id;
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    String type() {
        return type;
    }

    int shard() {
        return shard;
    }

    /** The command, when it is a transfer. */
    Command.@Nullable Transfer transfer() {
        return transfer;
    }

    long firstSentNanos() {
        return firstSentNanos;
    }

    synchronized void send() {
        sent++;
    }

    /** How often it was sent. */
    synchronized int sent() {
        return sent;
    }

    /** The client heard an outcome. */
    synchronized void hear(Heard outcome) {
        if (answers.stream().noneMatch(answer -> answer.heard.equals(outcome))) {
            answers.add(new Answer(outcome, System.nanoTime()));
        }
    }

    /** Whether the client had heard an outcome when another command was sent for the first time. */
    synchronized boolean wasHeardBefore(Heard outcome, Asked other) {
        return answers.stream()
                .anyMatch(answer -> answer.heard.equals(outcome) && answer.atNanos - other.firstSentNanos < 0);
    }

    /** Different outcomes that the client has heard. */
    synchronized List<Heard> heard() {
        return answers.stream().map(Answer::heard).toList();
    }

    @Override
    public String toString() {
        return type + " " + id;
    }
}
