package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The text that the store keeps of an account: {@code GOLD=1250h20,SILVER=77}. The available balance comes first, the other buckets
 * follow with a letter each, and zeroes are left out. A status other than open stands before the balances:
 * {@code frozen,GOLD=1250h20}. Other elements without {@code =} are skipped.
 */
final class StoredAccount {
    private StoredAccount() {}

    /** What stands before the balance of a bucket. */
    static String prefix(Bucket bucket) {
        return switch (bucket) {
            case AVAILABLE -> "";
            case HELD -> "h";
            case LOCKED -> "l";
            case STAKED -> "s";
        };
    }

    /** Whether the account may pay and be paid. */
    static AccountStatus status(String text) {
        return switch (text.split(",", 2)[0]) {
            case "frozen" -> AccountStatus.FROZEN;
            case "closed" -> AccountStatus.CLOSED;
            default -> AccountStatus.OPEN;
        };
    }

    /** What the account has, in the order of the asset codes. */
    static List<Holding> holdings(String text) {
        List<Holding> holdings = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            int equals = element.indexOf('=');
            if (equals > 0) {
                holdings.add(holding(element.substring(0, equals), element, equals + 1));
            }
        }
        holdings.sort(Comparator.comparing(Holding::asset));
        return holdings;
    }

    private static Holding holding(String asset, String element, int first) {
        Holding holding = Holding.empty(asset);
        int from = first;
        while (from < element.length()) {
            int digits = Character.isLetter(element.charAt(from)) ? from + 1 : from;
            int to = digits;
            while (to < element.length() && !Character.isLetter(element.charAt(to))) {
                to++;
            }
            holding = holding.with(
                    bucket(element.substring(from, digits)), new BigInteger(element.substring(digits, to)));
            from = to;
        }
        return holding;
    }

    private static Bucket bucket(String prefix) {
        return switch (prefix) {
            case "" -> Bucket.AVAILABLE;
            case "h" -> Bucket.HELD;
            case "l" -> Bucket.LOCKED;
            case "s" -> Bucket.STAKED;
            default ->
                throw new StoreUnavailableException("STORE_DAMAGED", "the store holds an unknown bucket: " + prefix);
        };
    }
}
