package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Router;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How far somebody has got who walks over all clients' accounts. Accounts are ordered by shard, then by the number of the hash that
 * they are stored in, then by id: an account never changes its place and none is ever removed, so whoever walks along sees each that
 * was there all the time exactly once.
 *
 * @param shard the shard to go on with
 * @param hash the number of the hash to go on with
 * @param after the last id seen of that hash; empty when none was
 */
public record AccountCursor(int shard, int hash, String after) {
    /** Before the first account. */
    public static final AccountCursor START = new AccountCursor(0, 0, "");

    /** The order of the accounts of one shard. */
    static final Comparator<String> ORDER =
            Comparator.comparingInt(RedisKeys::hashOf).thenComparing(Comparator.naturalOrder());

    private static final int PARTS = 3;
    private static final int DIGITS_MAX = 4;

    /** Behind an account. */
    static AccountCursor after(int shard, String account) {
        return new AccountCursor(shard, RedisKeys.hashOf(account), account);
    }

    /** Behind a number of hashes of the shard, this one included; null when no account follows. */
    @Nullable
    AccountCursor behind(int hashes, int shards) {
        if (hash + hashes < RedisKeys.ACCOUNT_HASHES) {
            return new AccountCursor(shard, hash + hashes, "");
        }
        return shard + 1 < shards ? new AccountCursor(shard + 1, 0, "") : null;
    }

    /** Whether an account of the shard is still to be seen. */
    boolean isBefore(String account) {
        int itsHash = RedisKeys.hashOf(account);
        return itsHash > hash || (itsHash == hash && account.compareTo(after) > 0);
    }

    /** An opaque text that fits into a URL. */
    public String text() {
        byte[] bytes = (shard + ":" + hash + ":" + after).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Reads what {@link #text} writes.
     *
     * @throws MalformedException when it is anything else, or of a ledger with other shards
     */
    public static AccountCursor parse(String text, Router router) {
        try {
            String decoded = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            String[] parts = decoded.split(":", PARTS);
            if (parts.length == PARTS && parts[0].length() <= DIGITS_MAX && parts[1].length() <= DIGITS_MAX) {
                AccountCursor cursor =
                        new AccountCursor(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
                if (cursor.isOf(router) && cursor.text().equals(text)) {
                    return cursor;
                }
            }
        } catch (IllegalArgumentException e) {
            throw malformed(text);
        }
        throw malformed(text);
    }

    private boolean isOf(Router router) {
        if (shard < 0 || shard >= router.shards() || hash < 0 || hash >= RedisKeys.ACCOUNT_HASHES) {
            return false;
        }
        return after.isEmpty()
                || (router.shardOf(Fields.account("cursor", after)) == shard && RedisKeys.hashOf(after) == hash);
    }

    private static MalformedException malformed(String text) {
        return new MalformedException("cursor", "must be the nextCursor of the page before", text);
    }
}
