package io.pacioli.ledger.gateway.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * The next part of what a stream has missed, read from the journal: bounded, so that it can be written however slowly.
 *
 * <p>A reader fills it; once {@link #isComplete()}, it is the stream's. What has become of it is kept under the lock of
 * {@link CatchUp}.
 */
final class MissedPart {
    static final int EVENTS_MAX = 256;
    static final int BYTES_MAX = 1 << 16;

    private final ShardTail shard;
    private final View view;
    private final long after;
    private final Signal signal;
    private final List<StreamEvent> events = new ArrayList<>();
    private int bytes;
    private long to;
    private String failure = "";
    private volatile boolean complete;
    private long completeAtNanos;
    private boolean taken;
    private boolean released;

    /** @param after the sequence up to which the stream has everything */
    MissedPart(ShardTail shard, View view, long after, Signal signal) {
        this.shard = shard;
        this.view = view;
        this.after = after;
        this.to = after;
        this.signal = signal;
    }

    ShardTail shard() {
        return shard;
    }

    View view() {
        return view;
    }

    long after() {
        return after;
    }

    Signal signal() {
        return signal;
    }

    /** The events, in order. */
    List<StreamEvent> events() {
        return events;
    }

    /** The sequence up to which there are no other events. */
    long to() {
        return to;
    }

    /** Why the journal cannot be read on; empty when it can. */
    String failure() {
        return failure;
    }

    /**
     * Takes in an entry of its view, unless the stream has it already.
     *
     * @return whether it is full now
     */
    boolean add(RecentEntry entry) {
        if (entry.sequence() <= after) {
            return false;
        }
        StreamEvent event = entry.event(view);
        events.add(event);
        bytes += event.text().length;
        to = entry.sequence();
        return events.size() >= EVENTS_MAX || bytes >= BYTES_MAX;
    }

    /** All entries up to this one have been looked at. */
    void lookedUpTo(long sequence) {
        to = Math.max(to, sequence);
    }

    void fail(String why) {
        failure = why;
    }

    /** Whether it can be written. */
    boolean isComplete() {
        return complete;
    }

    /** Nothing more comes. */
    void complete() {
        completeAtNanos = System.nanoTime();
        complete = true;
    }

    /** Since when the stream has had it. */
    long completeAtNanos() {
        return completeAtNanos;
    }

    /** A reader fills it from now on. */
    void take() {
        taken = true;
    }

    /** The stream is done with it. */
    void release() {
        released = true;
    }

    /** Whether it was taken and nobody needs it any more. */
    boolean isOver() {
        return taken && complete && released;
    }
}
