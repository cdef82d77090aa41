package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

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

    /** A hold that anybody may be paid from. */
    static Command hold(String id, String asset, String from, long amount, @Nullable Long expiresAtMillis) {
        return new Command.PlaceHold(id, asset, from, null, Amount.of(amount), expiresAtMillis, "", Map.of());
    }

    /** Captures all of a hold. */
    static Command capture(String id, String hold, String from, String to) {
        return new Command.CaptureHold(id, hold, from, null, to, Map.of());
    }

    /** A transfer that waits for its time. */
    static Command transferLater(String id, String asset, String from, String to, long amount, long notBeforeMillis) {
        Conditions conditions = new Conditions(notBeforeMillis, null, null);
        return new Command.Transfer(id, asset, from, to, Amount.of(amount), "", conditions, Map.of());
    }

    /** A transaction with the default deadline. */
    static Command transact(String id, Leg... legs) {
        return new Command.Transact(id, List.of(legs), null, "", Map.of());
    }

    static Leg leg(String asset, String from, String to, long amount) {
        return new Leg(asset, from, to, Amount.of(amount));
    }

    /** The headers of a command whose outcome is wanted. */
    static RecordHeaders replyTo(String topic, String correlation) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.REPLY_TOPIC, Headers.text(topic));
        headers.add(Headers.CORRELATION_ID, Headers.text(correlation));
        return headers;
    }
}
