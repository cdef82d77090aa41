package io.pacioli.ledger.projection.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of a shard, read at once to be compared with another copy of it.
 *
 * @param position what it is true for, as it is stored; empty for none
 * @param definitions what the shard knows of its assets, by code
 * @param ranked how many accounts stand on the leaderboard of each asset
 * @param accounts what is stored of each account
 */
record ComparedPage(
        String position, Map<String, String> definitions, Map<String, String> ranked, Map<String, Account> accounts) {
    /**
     * An account.
     *
     * @param text what is stored of it, its elements in one order: in the store it depends on which batches brought them
     * @param misplaced the assets on whose leaderboards it does not stand as it should
     */
    record Account(String text, Set<String> misplaced) {}

    /**
     * The call that reads the page.
     *
     * @param assets those whose leaderboards are looked at
     */
    static ScriptCall call(RedisKeys keys, int shard, int page, List<String> assets) {
        return ScriptCall.of(
                Stream.of(
                                Stream.of(keys.position(shard), keys.assets(shard)),
                                assets.stream().map(asset -> keys.leaderboard(shard, asset)),
                                keys.page(shard, page).stream())
                        .flatMap(names -> names)
                        .toList(),
                assets.toArray(String[]::new));
    }

    /**
     * Reads what the script answers.
     *
     * @param assets how many leaderboards were looked at
     */
    static ComparedPage of(List<String> answer, int assets) {
        int boards = 2 + 2 * Integer.parseInt(answer.get(1));
        int accounts = boards + 2 * assets;
        Map<String, Account> found = new TreeMap<>();
        for (int i = accounts; i < answer.size(); i += 3) {
            found.put(answer.get(i), new Account(ordered(answer.get(i + 1)), split(answer.get(i + 2))));
        }
        return new ComparedPage(answer.getFirst(), pairs(answer, 2, boards), pairs(answer, boards, accounts), found);
    }

    private static Map<String, String> pairs(List<String> answer, int from, int to) {
        Map<String, String> pairs = new TreeMap<>();
        for (int i = from; i < to; i += 2) {
            pairs.put(answer.get(i), answer.get(i + 1));
        }
        return pairs;
    }

    /** What is stored of an account with its elements in one order, a status first. */
    static String ordered(String stored) {
        return Stream.of(stored.split(",", -1))
                .sorted((one, other) -> {
                    int byKind = Boolean.compare(one.contains("="), other.contains("="));
                    return byKind != 0 ? byKind : one.compareTo(other);
                })
                .collect(Collectors.joining(","));
    }

    private static Set<String> split(String assets) {
        return assets.isEmpty() ? Set.of() : new TreeSet<>(List.of(assets.split(",", -1)));
    }
}
