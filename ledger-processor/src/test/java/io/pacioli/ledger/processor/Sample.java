package io.pacioli.ledger.processor;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import java.util.Map;

/** Commands and settings for tests. */
final class Sample {
    static final long DAY_MILLIS = 86_400_000;

    private Sample() {}

    static ShardConfiguration configuration(int shards) {
        return new ShardConfiguration(shards, DAY_MILLIS, 1_000_000);
    }

    static Asset asset(String code) {
        return new Asset(code, "The " + code, "G", "\ud83e\ude99", 2, null);
    }

    static Command define(String code) {
        return new Command.DefineAsset("define-" + code, asset(code), Amount.ZERO, null, Map.of());
    }

    static Command open(String account) {
        return new Command.OpenAccount("open-" + account, account, AccountLimits.DEFAULT, Map.of());
    }

    /** Opens an account that may have at most so much of an asset. */
    static Command openAtMost(String account, String asset, long highest) {
        AccountLimits limits = new AccountLimits(Map.of(), Map.of(asset, Amount.of(highest)));
        return new Command.OpenAccount("open-" + account, account, limits, Map.of());
    }

    static Command mint(String id, String asset, String to, long amount) {
        return new Command.Mint(id, asset, to, Amount.of(amount), Map.of());
    }

    static Command transfer(String id, String asset, String from, String to, long amount) {
        return new Command.Transfer(id, asset, from, to, Amount.of(amount), "", Map.of());
    }

    /** An account that lives on a shard. */
    static String account(Router router, String prefix, int shard) {
        for (int i = 0; ; i++) {
            String account = prefix + i;
            if (router.shardOf(account) == shard) {
                return account;
            }
        }
    }

    /** The code of an asset whose issuer lives on a shard. */
    static String asset(Router router, int shard) {
        for (int i = 0; ; i++) {
            String code = "A" + i;
            if (router.shardOf("@" + code) == shard) {
                return code;
            }
        }
    }
}
