package io.pacioli.ledger.testkit.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last things of a kind, to come back to one of them. */
final class Recent<T> {
    private final List<T> things = new ArrayList<>();
    private final int kept;
    private int next;

    Recent(int kept) {
        this.kept = kept;
    }

    void add(T thing) {
        if (things.size() < kept) {
            things.add(thing);
        } else {
            things.set(next++ % kept, thing);
        }
    }

    /** One of them for which something holds, or null when there is none. */
    @Nullable
    T first(Predicate<T> condition) {
        for (T thing : things) {
            if (condition.test(thing)) {
                return thing;
            }
        }
        return null;
    }

    /** Any of them, or null when there is none yet. */
    @Nullable
    T any(SplittableRandom random) {
        return things.isEmpty() ? null : things.get(random.nextInt(things.size()));
    }
}
