package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.Differences;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares pages of a shard with those of a copy that stands at the same position. Not thread safe. */
final class ShardComparison {
    private final Differences differences;
    private final Set<String> told = new TreeSet<>();

    ShardComparison(Differences differences) {
        this.differences = differences;
    }

    /** @param at where both stand */
    void compare(Position at, ComparedPage stored, ComparedPage rebuilt) {
        names(stored.definitions().keySet(), rebuilt.definitions().keySet())
                .forEach(asset -> once(
                        at,
                        "asset " + asset,
                        stored.definitions().getOrDefault(asset, ""),
                        rebuilt.definitions().getOrDefault(asset, "")));
        names(stored.ranked().keySet(), rebuilt.ranked().keySet())
                .forEach(asset -> once(
                        at,
                        "leaderboard of " + asset,
                        stored.ranked().getOrDefault(asset, "0") + " accounts",
                        rebuilt.ranked().getOrDefault(asset, "0") + " accounts"));
        Set<String> accounts =
                names(stored.accounts().keySet(), rebuilt.accounts().keySet());
        accounts.forEach(account -> account(
                at, account, stored.accounts().get(account), rebuilt.accounts().get(account)));
        differences.compared(accounts.size());
    }

    private void account(
            Position at,
            String account,
            ComparedPage.@Nullable Account stored,
            ComparedPage.@Nullable Account rebuilt) {
        String was = stored == null ? "" : shown(stored.text());
        String is = rebuilt == null ? "" : shown(rebuilt.text());
        if (!was.equals(is)) {
            differences.add(new Difference(at, account, was, is));
        } else if (stored != null && !stored.misplaced().isEmpty()) {
            differences.add(new Difference(
                    at,
                    account,
                    "another place on the leaderboard of " + String.join(", ", stored.misplaced()),
                    "that of " + is));
        }
    }

    /** What is stored of an account, for people. */
    static String shown(String text) {
        return text.isEmpty() ? "an empty account" : text;
    }

    /** What concerns no single account is on every page. */
    private void once(Position at, String subject, String was, String is) {
        if (!was.equals(is) && told.add(subject)) {
            differences.add(new Difference(at, subject, was, is));
        }
    }

    private static Set<String> names(Set<String> some, Set<String> others) {
        Set<String> names = new TreeSet<>(some);
        names.addAll(others);
        return names;
    }
}
