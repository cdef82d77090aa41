package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The text that the store keeps of an account: {@code GOLD=a1250h20,SILVER=a77}. Elements without {@code =} are none of balances
 * and are skipped.
 */
final class StoredAccount {
    private StoredAccount() {}

    /** One letter a bucket, in the order in which they are stored. */
    static char letter(Bucket bucket) {
        return switch (bucket) {
            case AVAILABLE -> 'a';
            case HELD -> 'h';
            case LOCKED -> 'l';
            case STAKED -> 's';
        };
    }

    /** The assets in the order in which the text has them. */
    static List<String> assets(String text) {
        List<String> assets = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            int equals = element.indexOf('=');
            if (equals > 0) {
                assets.add(element.substring(0, equals));
            }
        }
        return assets;
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
            int to = from + 1;
            while (to < element.length() && !Character.isLetter(element.charAt(to))) {
                to++;
            }
            BigInteger balance = new BigInteger(element.substring(from + 1, to));
            holding = holding.with(bucket(element.charAt(from)), balance);
            from = to;
        }
        return holding;
    }

    private static Bucket bucket(char letter) {
        for (Bucket bucket : Bucket.values()) {
            if (letter(bucket) == letter) {
                return bucket;
            }
        }
        throw new StoreUnavailableException("STORE_DAMAGED", "the store holds an unknown bucket: letter=" + letter);
    }
}
