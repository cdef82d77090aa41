package io.pacioli.ledger.testkit.simulation;

/** The last steps of a simulation, to be read when it fails. */
final class Trace {
    private static final int STEPS_MAX = 20;

    private final int[] shards = new int[STEPS_MAX];
    private final Object[] steps = new Object[STEPS_MAX];
    private long count;

    void add(int shard, Object step) {
        int at = (int) (count++ % STEPS_MAX);
        shards[at] = shard;
        steps[at] = step;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("The last steps were:").append(System.lineSeparator());
        for (long step = Math.max(0, count - STEPS_MAX); step < count; step++) {
            int at = (int) (step % STEPS_MAX);
            text.append("  shard ")
                    .append(shards[at])
                    .append(": ")
                    .append(steps[at])
                    .append(System.lineSeparator());
        }
        return text.toString();
    }
}
