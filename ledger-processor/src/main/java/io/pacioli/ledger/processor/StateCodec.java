package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Fingerprint;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Rejected;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of the state store, compact and binary: they are nobody's interface. Each starts with a format version, so that a
 * later release can read the state of an earlier one.
 */
final class StateCodec {
    private static final int VERSION = 1;
    private static final int HEADER_NUMBERS = 5;

    private StateCodec() {}

    static byte[] encode(ShardHeader header, Hash chainHead, Progress progress) {
        StateWriter out = new StateWriter(VERSION);
        out.bytes(chainHead.bytes());
        out.number(header.sequence());
        out.number(header.atMillis());
        ShardConfiguration configuration = header.configured();
        out.number(configuration.shards());
        out.number(configuration.idempotencyWindowMillis());
        out.number(configuration.idempotencyEntriesMax());
        out.number(progress.nextOffset());
        out.number(progress.atMillis());
        return out.toBytes();
    }

    static ShardHeader header(int shard, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        in.bytes(Hash.BYTES);
        return new ShardHeader(
                shard, in.number(), in.number(), new ShardConfiguration((int) in.number(), in.number(), in.number()));
    }

    static Progress progress(byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        in.bytes(Hash.BYTES);
        for (int skipped = 0; skipped < HEADER_NUMBERS; skipped++) {
            in.number();
        }
        return new Progress(in.number(), in.number());
    }

    static Hash chainHead(byte[] bytes) {
        return Hash.ofBytes(new StateReader(bytes, VERSION).bytes(Hash.BYTES));
    }

    static byte[] encode(Account account) {
        StateWriter out = new StateWriter(VERSION);
        out.number(account.version());
        out.bool(account.opened());
        AccountLimits limits = account.limits();
        out.number(limits.lowest().size());
        limits.lowest().forEach((asset, limit) -> {
            out.text(asset);
            out.big(limit);
        });
        out.number(limits.highest().size());
        limits.highest().forEach((asset, limit) -> {
            out.text(asset);
            out.big(limit.minorUnits());
        });
        out.number(account.holdings().size());
        for (Holding holding : account.holdings()) {
            out.text(holding.asset());
            out.big(holding.available());
            out.big(holding.held());
            out.big(holding.locked());
            out.big(holding.staked());
        }
        return out.toBytes();
    }

    static Account account(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        long version = in.number();
        boolean opened = in.bool();
        Map<String, BigInteger> lowest = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            lowest.put(in.text(), in.big());
        }
        Map<String, Amount> highest = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            highest.put(in.text(), new Amount(in.big()));
        }
        int size = (int) in.number();
        List<Holding> holdings = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            holdings.add(new Holding(in.text(), in.big(), in.big(), in.big(), in.big()));
        }
        AccountLimits limits =
                lowest.isEmpty() && highest.isEmpty() ? AccountLimits.DEFAULT : new AccountLimits(lowest, highest);
        return new Account(id, version, opened, limits, List.copyOf(holdings));
    }

    static byte[] encode(Asset asset) {
        StateWriter out = new StateWriter(VERSION);
        out.text(asset.code());
        out.text(asset.name());
        out.text(asset.symbol());
        out.text(asset.emoji());
        out.number(asset.decimals());
        Amount maxSupply = asset.maxSupply();
        out.bool(maxSupply != null);
        if (maxSupply != null) {
            out.big(maxSupply.minorUnits());
        }
        return out.toBytes();
    }

    static Asset asset(byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        return new Asset(
                in.text(), in.text(), in.text(), in.text(), (int) in.number(), in.bool() ? new Amount(in.big()) : null);
    }

    static byte[] encode(Channel channel) {
        StateWriter out = new StateWriter(VERSION);
        out.number(channel.sent());
        out.number(channel.received());
        return out.toBytes();
    }

    static Channel channel(int peer, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        return new Channel(peer, in.number(), in.number());
    }

    static byte[] encode(RememberedCommand command) {
        StateWriter out = new StateWriter(VERSION);
        out.whole(command.fingerprint().high());
        out.whole(command.fingerprint().low());
        out.number(command.sequence());
        out.number(command.atMillis());
        out.number(command.untilMillis());
        out.number(command.untilSequence());
        out.text(command.type());
        Rejected rejected = command.rejected();
        out.bool(rejected != null);
        if (rejected != null) {
            out.text(rejected.code().name());
            out.text(rejected.field());
            out.text(rejected.limit());
            out.text(rejected.value());
        }
        return out.toBytes();
    }

    static RememberedCommand command(String id, byte[] bytes) {
        StateReader in = new StateReader(bytes, VERSION);
        return new RememberedCommand(
                id,
                new Fingerprint(in.whole(), in.whole()),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.text(),
                in.bool() ? rejected(in) : null);
    }

    private static @Nullable Rejected rejected(StateReader in) {
        return new Rejected(Rejection.valueOf(in.text()), in.text(), in.text(), in.text());
    }
}
