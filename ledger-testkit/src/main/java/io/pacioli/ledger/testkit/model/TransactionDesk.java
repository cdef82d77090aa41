package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Leg;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.testkit.model.NaiveTransaction.Part;
import io.pacioli.ledger.testkit.model.NaiveTransaction.Place;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where several movements are made together or not at all: at once on one shard, by question and answer on several. */
final class TransactionDesk {
    private static final long PATIENCE_MILLIS = 30_000;

    private final Sheet sheet;

    TransactionDesk(Sheet sheet) {
        this.sheet = sheet;
    }

    Verdict transact(NaiveShard here, Command.Transact c, long now) {
        Rejection no = whyNotEver(c, now);
        if (no != null) {
            return here.reject(now, no);
        }
        TreeSet<Integer> others = new TreeSet<>();
        for (Leg leg : c.legs()) {
            others.add(sheet.shardOf(leg.from()));
            others.add(sheet.shardOf(leg.to()));
        }
        others.remove(here.number());
        return others.isEmpty() ? post(here, c, now) : begin(here, c, others, now);
    }

    /** A participant is asked whether it can do its part. */
    Verdict answer(NaiveShard here, NaiveTransaction transaction, long now) {
        Rejection no = reserve(here, transaction);
        mail(here, transaction.coordinator(), new Letter.Answer(transaction, no));
        return no == null ? here.write(1, now, "TransactionPrepared") : here.write(1, now, "TransactionRefused", no);
    }

    /** The coordinator gets an answer. The verdict is on the command when that decides it. */
    Verdict count(NaiveShard here, int from, Letter.Answer answer, long now) {
        NaiveTransaction transaction = answer.transaction();
        Rejection no = answer.whyNot();
        if (transaction.decided()) {
            return here.write(1, now, "TransactionVoted");
        }
        if (no != null) {
            return giveUp(here, transaction, from, no, now);
        }
        transaction.silent().remove(from);
        if (!transaction.silent().isEmpty()) {
            return here.write(1, now, "TransactionVoted");
        }
        over(here, transaction);
        transaction.participants().forEach(peer -> mail(here, peer, new Letter.Go(transaction)));
        settle(here, transaction);
        return decided(here, transaction, here.write(1, now, "TransactionCommitted"));
    }

    /** The coordinator has waited long enough. */
    Verdict timeOut(NaiveShard here, String id, long now) {
        NaiveTransaction transaction = Objects.requireNonNull(here.coordinated().get(id));
        return giveUp(here, transaction, -1, Rejection.TRANSACTION_TIMED_OUT, now);
    }

    /** A participant learns that all have agreed. */
    Verdict go(NaiveShard here, NaiveTransaction transaction, long now) {
        settle(here, transaction);
        return here.write(1, now, "TransactionSettled");
    }

    /** A participant learns that nothing comes of it. */
    Verdict stop(NaiveShard here, NaiveTransaction transaction, long now) {
        release(here, transaction);
        return here.write(1, now, "TransactionReleased");
    }

    private static @Nullable Rejection whyNotEver(Command.Transact c, long now) {
        List<Leg> legs = c.legs();
        Long deadline = c.deadlineMillis();
        if (legs.stream().anyMatch(leg -> leg.amount().minorUnits().signum() == 0)) {
            return Rejection.AMOUNT_MUST_BE_POSITIVE;
        }
        if (legs.stream().anyMatch(leg -> Sheet.isSystem(leg.from()) || Sheet.isSystem(leg.to()))) {
            return Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM;
        }
        if (legs.stream().anyMatch(leg -> leg.from().equals(leg.to()))) {
            return Rejection.ACCOUNTS_MUST_BE_DIFFERENT;
        }
        return deadline != null && deadline <= now ? Rejection.DEADLINE_PASSED : null;
    }

    private Verdict post(NaiveShard here, Command.Transact c, long now) {
        Rejection no = walk(here, c.legs(), new LinkedHashMap<>());
        if (no != null) {
            return here.reject(now, no);
        }
        makeLegs(here, c.legs());
        return here.write(1, now, "TransactionPosted");
    }

    private Verdict begin(NaiveShard here, Command.Transact c, SortedSet<Integer> others, long now) {
        Long deadline = c.deadlineMillis();
        NaiveTransaction transaction =
                new NaiveTransaction(c, here.number(), deadline == null ? now + PATIENCE_MILLIS : deadline, others);
        Rejection no = reserve(here, transaction);
        if (no != null) {
            return here.reject(now, no);
        }
        others.forEach(peer -> mail(here, peer, new Letter.Question(transaction)));
        here.coordinated().put(c.id(), transaction);
        here.diary().add(new Due(transaction.deadlineMillis(), Due.Kind.TRANSACTION_DEADLINE, c.id()));
        return here.write(1, now, "TransactionBegun").asPending();
    }

    private Verdict giveUp(NaiveShard here, NaiveTransaction transaction, int refusedBy, Rejection why, long now) {
        over(here, transaction);
        release(here, transaction);
        for (int peer : transaction.participants()) {
            if (peer != refusedBy) {
                mail(here, peer, new Letter.Stop(transaction));
            }
        }
        return decided(here, transaction, here.write(2, now, "CommandRejected", why));
    }

    private static void over(NaiveShard here, NaiveTransaction transaction) {
        String id = transaction.command().id();
        transaction.decide();
        here.coordinated().remove(id);
        here.diary().remove(new Due(transaction.deadlineMillis(), Due.Kind.TRANSACTION_DEADLINE, id));
    }

    private static Verdict decided(NaiveShard here, NaiveTransaction transaction, Verdict verdict) {
        Verdict last = verdict.on(transaction.command().id());
        here.remember(transaction.command(), last);
        return last;
    }

    /** Sets aside what the legs need here and promises what they bring, if nothing stands against it. */
    private @Nullable Rejection reserve(NaiveShard here, NaiveTransaction transaction) {
        Map<Place, Part> parts = new LinkedHashMap<>();
        Rejection no = walk(here, transaction.command().legs(), parts);
        if (no == null) {
            parts.forEach((place, part) -> reserve(place, part.need(), part.peak()));
            transaction.reserved().put(here.number(), parts);
        }
        return no;
    }

    /** Adds up what the legs take and bring here, as far as the first that something stands against. */
    private @Nullable Rejection walk(NaiveShard here, List<Leg> legs, Map<Place, Part> parts) {
        for (Leg leg : legs) {
            Rejection no = null;
            if (sheet.shardOf(leg.from()) == here.number()) {
                no = whyNotTake(here, leg, parts);
            } else if (sheet.shardOf(leg.to()) == here.number()) {
                no = sheet.whyNotOpenTo(here, leg.to());
            }
            if (no == null && sheet.shardOf(leg.to()) == here.number()) {
                Part part = part(parts, leg.to(), leg.asset());
                part.bring(leg.amount().minorUnits());
                no = sheet.whyNotCredit(leg.to(), leg.asset(), part.sum());
            } else if (no == null && sheet.shardOf(leg.from()) == here.number()) {
                Part part = part(parts, Sheet.between(here, sheet.shardOf(leg.to())), leg.asset());
                part.bring(leg.amount().minorUnits());
                no = sheet.whyNotMove(here, leg.asset(), leg.to(), part.sum());
            }
            if (no != null) {
                return no;
            }
        }
        return null;
    }

    /** What stands against a leg on its payer's shard. */
    private @Nullable Rejection whyNotTake(NaiveShard here, Leg leg, Map<Place, Part> parts) {
        if (!here.assetsKnown().contains(leg.asset())) {
            return Rejection.ASSET_NOT_DEFINED;
        }
        Rejection no = sheet.whyNotDeal(here, leg.from(), leg.to());
        if (no == Rejection.ACCOUNT_NOT_OPEN && isPaidBefore(leg.from(), parts)) {
            no = sheet.whyNotOpenTo(here, leg.to());
        }
        Part part = part(parts, leg.from(), leg.asset());
        part.take(leg.amount().minorUnits());
        if (no == null && part.need().compareTo(Sheet.THIRTY_EIGHT_NINES) > 0) {
            return Rejection.INSUFFICIENT_FUNDS;
        }
        return no == null ? sheet.whyNotSpend(leg.from(), leg.asset(), part.need()) : no;
    }

    private static boolean isPaidBefore(String account, Map<Place, Part> parts) {
        return parts.entrySet().stream()
                .anyMatch(part -> part.getKey().account().equals(account)
                        && part.getValue().isPaid());
    }

    private static Part part(Map<Place, Part> parts, String account, String asset) {
        return parts.computeIfAbsent(new Place(account, asset), created -> new Part());
    }

    private void reserve(Place place, BigInteger need, BigInteger peak) {
        NaiveAccount.Pot pot = sheet.account(place.account()).pot(place.asset());
        pot.setAside(need);
        pot.promise(peak);
    }

    /** Takes back what was reserved here, if anything was. */
    private void release(NaiveShard here, NaiveTransaction transaction) {
        Map<Place, Part> parts = transaction.reserved().remove(here.number());
        if (parts != null) {
            parts.forEach((place, part) ->
                    reserve(place, part.need().negate(), part.peak().negate()));
        }
    }

    /** Makes the legs here, whatever has become of the accounts. */
    private void settle(NaiveShard here, NaiveTransaction transaction) {
        release(here, transaction);
        makeLegs(here, transaction.command().legs());
    }

    private void makeLegs(NaiveShard here, List<Leg> legs) {
        for (Leg leg : legs) {
            int payer = sheet.shardOf(leg.from());
            int payee = sheet.shardOf(leg.to());
            BigInteger amount = leg.amount().minorUnits();
            if (payer == here.number()) {
                sheet.account(leg.from()).add(leg.asset(), amount.negate());
            }
            if (payee == here.number()) {
                sheet.account(leg.to()).add(leg.asset(), amount);
            }
            if (payer == here.number() && payee != here.number()) {
                here.owe(payee, leg.asset(), amount);
            }
            if (payee == here.number() && payer != here.number()) {
                here.owe(payer, leg.asset(), amount.negate());
            }
        }
    }

    private void mail(NaiveShard here, int peer, Letter letter) {
        sheet.lettersBetween(here.number(), peer).add(letter);
    }
}
