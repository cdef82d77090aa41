package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds outcomes on record and others against each other; keeps one only until its counterpart comes. Not thread safe. */
final class OutcomeComparison {
    private record Key(int shard, String commandId, boolean isConflict) {}

    private record Change(String then, String now) {}

    /** An outcome of one side that the other side has not given yet. */
    private record Waiting(boolean isThen, Outcome outcome) {}

    private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
    private final Map<Change, Long> changes = new HashMap<>();
    private final List<WhatIfReport.OutcomeDifference> first = new ArrayList<>();
    private long compared;
    private long different;

    void then(int shard, Outcome outcome) {
        add(shard, true, outcome);
    }

    void now(int shard, Outcome outcome) {
        add(shard, false, outcome);
    }

    private void add(int shard, boolean isThen, Outcome outcome) {
        if (outcome instanceof Outcome.Pending) {
            return;
        }
        boolean isConflict = outcome instanceof Outcome.Refused refused
                && refused.rejected().code() == Rejection.IDEMPOTENCY_CONFLICT;
        Key key = new Key(shard, outcome.commandId(), isConflict);
        Waiting other = waiting.get(key);
        if (other == null) {
            waiting.put(key, new Waiting(isThen, outcome));
        } else if (other.isThen != isThen) {
            waiting.remove(key);
            compare(isThen ? outcome : other.outcome, isThen ? other.outcome : outcome);
        } else {
            // An id that was used again before the other side gave it an outcome.
            waiting.put(key, new Waiting(isThen, outcome));
            compare(isThen ? other.outcome : null, isThen ? null : other.outcome);
        }
    }

    /** All have come: what waits has no counterpart. */
    void finish() {
        waiting.values().forEach(one -> compare(one.isThen ? one.outcome : null, one.isThen ? null : one.outcome));
        waiting.clear();
    }

    private void compare(@Nullable Outcome then, @Nullable Outcome now) {
        compared++;
        String codeThen = code(then);
        String codeNow = code(now);
        if (codeThen.equals(codeNow)) {
            return;
        }
        different++;
        changes.merge(new Change(codeThen, codeNow), 1L, Long::sum);
        Outcome known = then == null ? now : then;
        if (first.size() < WhatIfReport.KEPT_MAX && known != null) {
            Position position = known.position();
            first.add(new WhatIfReport.OutcomeDifference(known.commandId(), position, codeThen, codeNow));
        }
    }

    private static String code(@Nullable Outcome outcome) {
        return switch (outcome) {
            case null -> WhatIfReport.NONE;
            case Outcome.Accepted accepted -> WhatIfReport.ACCEPTED;
            case Outcome.Refused refused -> refused.rejected().code().name();
            case Outcome.Pending pending -> WhatIfReport.NONE;
        };
    }

    long compared() {
        return compared;
    }

    long different() {
        return different;
    }

    List<WhatIfReport.Change> changes() {
        return changes.entrySet().stream()
                .map(one -> new WhatIfReport.Change(one.getKey().then, one.getKey().now, one.getValue()))
                .sorted(Comparator.comparingLong(WhatIfReport.Change::count)
                        .reversed()
                        .thenComparing(WhatIfReport.Change::then)
                        .thenComparing(WhatIfReport.Change::now))
                .toList();
    }

    List<WhatIfReport.OutcomeDifference> first() {
        return List.copyOf(first);
    }
}
