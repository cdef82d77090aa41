package io.pacioli.ledger.core;

/**
 * What an account's id says by itself: whose it is and where it lives. Ids are plain strings, see {@link Fields#account}.
 *
 * <p>Ids that start with {@code @} are the ledger's own: {@code @GOLD} issues the asset GOLD, {@code @clearing/3/GOLD} is the
 * clearing account for GOLD with shard 3 and exists on every other shard. Each of them holds one asset.
 */
public final class AccountId {
    private static final char SYSTEM_PREFIX = '@';
    private static final String CLEARING_PREFIX = "@clearing/";

    private AccountId() {}

    /** Whether the ledger keeps the account for itself: no client may pay from or to it by name. */
    public static boolean isSystem(String account) {
        return account.charAt(0) == SYSTEM_PREFIX;
    }

    /** The issuer of an asset, which mint debits and burn credits. */
    public static String issuer(String asset) {
        return SYSTEM_PREFIX + asset;
    }

    /** Whether the account issues an asset. */
    public static boolean isIssuer(String account) {
        return isSystem(account) && !isClearing(account);
    }

    /** The account that holds what this shard has sent to a peer and not got from it. */
    public static String clearing(int peer, String asset) {
        return CLEARING_PREFIX + peer + '/' + asset;
    }

    /** Whether the account is a clearing account, which every shard has its own of. */
    public static boolean isClearing(String account) {
        return account.startsWith(CLEARING_PREFIX);
    }

    /**
     * The part of the id that places the account: what stands in the first pair of braces if anything does, else the whole id
     * (as the hash tags of Redis Cluster do), so that owners can keep accounts together.
     */
    public static String routingKey(String account) {
        int open = account.indexOf('{');
        if (open < 0) {
            return account;
        }
        int close = account.indexOf('}', open + 1);
        return close > open + 1 ? account.substring(open + 1, close) : account;
    }
}
