package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Rejection;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The whole ledger as one would write it on a sheet of paper. It is told every input that reaches a shard and answers what must
 * become of it; afterwards its balances are what all balances must be. Not thread safe.
 */
public final class NaiveLedger {
    private final Sheet sheet;
    private final PaymentDesk payments;
    private final AccountDesk accounts;
    private final HoldDesk holds;
    private final TransactionDesk transactions;

    /**
     * @param shardCount how many shards there are
     * @param shardOfKey where a routing key lives, 0 to {@code shardCount - 1}
     */
    public NaiveLedger(int shardCount, ToIntFunction<String> shardOfKey) {
        sheet = new Sheet(shardCount, shardOfKey);
        payments = new PaymentDesk(sheet);
        accounts = new AccountDesk(sheet, payments);
        holds = new HoldDesk(sheet, payments);
        transactions = new TransactionDesk(sheet);
    }

    /**
     * A shard is told its settings: before anything else, and whenever they change.
     *
     * @param windowMillis how long what is over from now on is remembered
     * @param windowEntries for how many entries it is
     * @return null when the shard has these settings already
     */
    public @Nullable Verdict configure(int shard, long windowMillis, long windowEntries, long inputMillis) {
        NaiveShard here = sheet.shards().get(shard);
        return here.changeWindow(windowMillis, windowEntries)
                ? here.write(1, here.tick(inputMillis), "ShardConfigured")
                : null;
    }

    /** A command reaches the shard that it belongs to. */
    public Verdict command(int shard, Command command, long inputMillis) {
        NaiveShard here = sheet.shards().get(shard);
        long now = here.tick(inputMillis);
        Verdict remembered = here.remembered(command.id(), now);
        if (remembered != null) {
            return command.equals(here.command(command.id()))
                    ? remembered.repeated()
                    : here.reject(now, Rejection.IDEMPOTENCY_CONFLICT).on(command.id());
        }
        Verdict verdict = decide(here, command, now).on(command.id());
        here.remember(command, verdict);
        return verdict;
    }

    /** The oldest message from one shard to another is delivered. */
    public Verdict deliver(int from, int to, long inputMillis) {
        NaiveShard here = sheet.shards().get(to);
        long now = here.tick(inputMillis);
        return switch (sheet.lettersBetween(from, to).remove()) {
            case Letter.News(String asset) -> {
                here.assetsKnown().add(asset);
                yield here.write(1, now, "AssetLearned");
            }
            case Letter.Money(Payment payment) -> payments.receive(here, from, payment, now);
            case Letter.MoneyBack(Payment payment) -> payments.takeBack(here, from, payment, now);
            case Letter.Question(NaiveTransaction transaction) -> transactions.answer(here, transaction, now);
            case Letter.Answer answer -> transactions.count(here, from, answer, now);
            case Letter.Go(NaiveTransaction transaction) -> transactions.go(here, transaction, now);
            case Letter.Stop(NaiveTransaction transaction) -> transactions.stop(here, transaction, now);
        };
    }

    /** What falls due first on a shard, or null when nothing will. */
    public @Nullable Due firstDue(int shard) {
        NaiveShard here = sheet.shards().get(shard);
        return here.diary().isEmpty() ? null : here.diary().first();
    }

    /** The time of what falls due first on a shard has come. */
    public Verdict due(int shard) {
        NaiveShard here = sheet.shards().get(shard);
        Due due = here.diary().removeFirst();
        long now = here.tick(due.atMillis());
        return switch (due.kind()) {
            case HOLD_EXPIRY -> holds.expire(here, due.id(), now);
            case TRANSACTION_DEADLINE -> transactions.timeOut(here, due.id(), now);
            case DEFERRED_COMMAND -> {
                Command.Transfer command = (Command.Transfer) Objects.requireNonNull(here.command(due.id()));
                Verdict verdict = payments.transfer(here, command, now, true).on(command.id());
                here.remember(command, verdict);
                yield verdict;
            }
        };
    }

    /** Whether nothing is between shards, and no command waits for anything. */
    public boolean isQuiet() {
        return sheet.isMailDelivered()
                && sheet.shards().stream()
                        .allMatch(shard -> shard.coordinated().isEmpty()
                                && shard.diary().stream().allMatch(due -> due.kind() == Due.Kind.HOLD_EXPIRY));
    }

    /** What an account has available, in minor units. Issuers have a balance, clearing accounts have none here. */
    public BigInteger available(String account, String asset) {
        NaiveAccount known = sheet.accounts().get(account);
        return known == null ? BigInteger.ZERO : known.available(asset);
    }

    /** What of an account's money is set aside, in minor units. */
    public BigInteger held(String account, String asset) {
        NaiveAccount known = sheet.accounts().get(account);
        return known == null ? BigInteger.ZERO : known.held(asset);
    }

    /** The least that an account may have available. */
    public BigInteger lowest(String account, String asset) {
        if (Sheet.isSystem(account)) {
            Asset defined = sheet.assets().get(asset);
            return defined == null ? BigInteger.ZERO : Sheet.supplyMax(defined).negate();
        }
        NaiveAccount known = sheet.accounts().get(account);
        return known == null ? BigInteger.ZERO : known.lowest(asset);
    }

    /** All balances that are not zero, by account and by asset and bucket, such as {@code GOLD held}. A copy. */
    public Map<String, Map<String, BigInteger>> balances() {
        Map<String, Map<String, BigInteger>> all = new HashMap<>();
        sheet.accounts().forEach((id, account) -> {
            Map<String, BigInteger> some = new HashMap<>();
            account.pots().forEach((asset, pot) -> {
                some.put(asset + " available", pot.available());
                some.put(asset + " held", pot.held());
            });
            some.values().removeIf(balance -> balance.signum() == 0);
            if (!some.isEmpty()) {
                all.put(id, some);
            }
        });
        return all;
    }

    private Verdict decide(NaiveShard here, Command command, long now) {
        return switch (command) {
            case Command.DefineAsset c -> accounts.define(here, c, now);
            case Command.OpenAccount c -> accounts.open(here, c, now);
            case Command.FreezeAccount c -> accounts.freeze(here, c, now);
            case Command.UnfreezeAccount c -> accounts.unfreeze(here, c, now);
            case Command.CloseAccount c -> accounts.close(here, c, now);
            case Command.Mint c -> payments.mint(here, c, now);
            case Command.Burn c -> payments.burn(here, c, now);
            case Command.Transfer c -> payments.transfer(here, c, now, false);
            case Command.ReverseTransfer c -> payments.reverse(here, c, now);
            case Command.PlaceHold c -> holds.place(here, c, now);
            case Command.CaptureHold c -> holds.capture(here, c, now);
            case Command.VoidHold c -> holds.release(here, c, now);
            case Command.Transact c -> transactions.transact(here, c, now);
        };
    }
}
