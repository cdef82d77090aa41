package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The names of the keys. All keys of a shard carry its hash tag, so that Redis Cluster keeps them in one slot and one script may
 * use them together. Thread safe.
 *
 * @param namespace stands before every key; empty unless several ledgers share a Redis
 * @param stage stands behind the hash tag: empty for what queries read, {@link #NEXT} for what is built beside it
 */
record RedisKeys(String namespace, String stage) {
    private static final String NEXT = "next:";

    /**
     * How many hashes the accounts of a shard are spread over. Fixed, because the placement of what is stored depends on it: up to
     * two million accounts a shard, each hash stays within the 512 fields that Redis packs tightly.
     */
    static final int ACCOUNT_HASHES = 4_096;

    /** @throws IllegalArgumentException when the namespace would break the hash tags */
    RedisKeys {
        if (namespace.indexOf('{') >= 0 || namespace.indexOf('}') >= 0) {
            throw new IllegalArgumentException("must not contain braces: namespace=" + namespace);
        }
    }

    /** The names of what queries read. */
    RedisKeys(String namespace) {
        this(namespace, "");
    }

    /** The names of what is built to take its place, in the same slots. */
    RedisKeys next() {
        return new RedisKeys(namespace, NEXT);
    }

    String position(int shard) {
        return of(shard, "position");
    }

    String assets(int shard) {
        return of(shard, "assets");
    }

    /** The hash of the shard's system accounts. */
    String system(int shard) {
        return of(shard, "system");
    }

    /** Who rebuilds the store; one key for all shards. */
    String rebuild() {
        return of(0, "rebuild");
    }

    String leaderboard(int shard, String asset) {
        return of(shard, "leaderboard:" + asset);
    }

    /** The hash that an account is a field of. */
    String accounts(int shard, String account) {
        return AccountId.isSystem(account) ? system(shard) : accountHash(shard, hashOf(account));
    }

    /** One of the hashes of a shard's accounts, 0 to {@link #ACCOUNT_HASHES} less 1. */
    String accountHash(int shard, int hash) {
        return of(shard, "accounts:" + hash);
    }

    /**
     * The hashes of one of {@link RedisBalances#PAGES} parts of a shard's accounts; those of the system are in the first.
     *
     * @param page from 0
     */
    List<String> page(int shard, int page) {
        int hashes = ACCOUNT_HASHES / RedisBalances.PAGES;
        List<String> names = new ArrayList<>(hashes + 1);
        if (page == 0) {
            names.add(system(shard));
        }
        for (int hash = page * hashes; hash < (page + 1) * hashes; hash++) {
            names.add(accountHash(shard, hash));
        }
        return names;
    }

    /** The channel of those who watch an account; the same name whatever shard it is on, as channels are of no slot. */
    String accountChannel(String account) {
        return namespace + "account:" + account;
    }

    /** The channel of those who watch an asset. */
    String assetChannel(String asset) {
        return namespace + "asset:" + asset;
    }

    /** All keys of a shard but its position, given the assets that it has leaderboards of. */
    List<String> all(int shard, List<String> assets) {
        List<String> keys = new ArrayList<>(ACCOUNT_HASHES + assets.size() + 2);
        keys.add(assets(shard));
        keys.add(system(shard));
        assets.forEach(asset -> keys.add(leaderboard(shard, asset)));
        for (int hash = 0; hash < ACCOUNT_HASHES; hash++) {
            keys.add(accountHash(shard, hash));
        }
        return keys;
    }

    private String of(int shard, String name) {
        return namespace + "{s" + shard + "}:" + stage + name;
    }

    /** The number of the hash that a client's account is a field of. */
    static int hashOf(String account) {
        CRC32 crc = new CRC32();
        crc.update(account.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() % ACCOUNT_HASHES);
    }
}
