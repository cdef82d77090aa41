package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happened with an asset in some time, as reports count it. Movements count where they are decided: on the payer's shard, or the coordinator's.
 *
 * @param transfers movements between clients: transfers, captures, reversals, legs of transactions
 * @param volume what those moved, in minor units, also when it comes back later
 * @param minted less the mints that came back, so that minted less burned is how the supply changed
 * @param burned less the burns that came back
 * @param returned what came back of movements between clients
 * @param activeAccounts clients' accounts that had a posting
 */
public record Activity(
        long transfers,
        BigInteger volume,
        BigInteger minted,
        BigInteger burned,
        BigInteger returned,
        long activeAccounts) {
    private static final BigInteger NONE = BigInteger.ZERO;

    /** Activity of an asset. */
    public record OfAsset(String asset, Activity activity) {}

    /** What an entry decides; nothing for those that only carry out what was decided elsewhere. */
    public static Stream<OfAsset> decidedBy(Entry entry) {
        return switch (entry.event()) {
            case Event.TransferPosted e -> Stream.of(moved(e.terms()));
            case Event.TransferSent e -> Stream.of(moved(e.terms()));
            case Event.TransferReturned e -> Stream.of(returned(e.terms()));
            case Event.TransactionPosted e -> moved(e.terms().legs());
            case Event.TransactionCommitted e -> moved(e.terms().legs());
            case Event.ShardConfigured e -> Stream.empty();
            case Event.AssetDefined e -> Stream.empty();
            case Event.AssetLearned e -> Stream.empty();
            case Event.AccountOpened e -> Stream.empty();
            case Event.TransferReceived e -> Stream.empty();
            case Event.TransferRefused e -> Stream.empty();
            case Event.CommandRejected e -> Stream.empty();
            case Event.AccountFrozen e -> Stream.empty();
            case Event.AccountUnfrozen e -> Stream.empty();
            case Event.AccountClosed e -> Stream.empty();
            case Event.HoldPlaced e -> Stream.empty();
            case Event.HoldVoided e -> Stream.empty();
            case Event.HoldExpired e -> Stream.empty();
            case Event.CommandDeferred e -> Stream.empty();
            case Event.TransactionBegun e -> Stream.empty();
            case Event.TransactionPrepared e -> Stream.empty();
            case Event.TransactionRefused e -> Stream.empty();
            case Event.TransactionVoted e -> Stream.empty();
            case Event.TransactionSettled e -> Stream.empty();
            case Event.TransactionAborted e -> Stream.empty();
            case Event.TransactionReleased e -> Stream.empty();
        };
    }

    private static Stream<OfAsset> moved(List<PlacedLeg> legs) {
        return legs.stream().map(PlacedLeg::leg).map(leg -> new OfAsset(leg.asset(), transfer(units(leg.amount()))));
    }

    private static OfAsset moved(TransferTerms terms) {
        BigInteger amount = units(terms.amount());
        return new OfAsset(
                terms.asset(),
                switch (terms.kind()) {
                    case TRANSFER, CAPTURE, REVERSAL -> transfer(amount);
                    case MINT -> new Activity(0, NONE, amount, NONE, NONE, 0);
                    case BURN -> new Activity(0, NONE, NONE, amount, NONE, 0);
                });
    }

    private static OfAsset returned(TransferTerms terms) {
        BigInteger amount = units(terms.amount());
        return new OfAsset(
                terms.asset(),
                switch (terms.kind()) {
                    case TRANSFER, CAPTURE, REVERSAL -> new Activity(0, NONE, NONE, NONE, amount, 0);
                    case MINT -> new Activity(0, NONE, amount.negate(), NONE, NONE, 0);
                    case BURN -> new Activity(0, NONE, NONE, amount.negate(), NONE, 0);
                });
    }

    private static Activity transfer(BigInteger amount) {
        return new Activity(1, amount, NONE, NONE, NONE, 0);
    }

    private static BigInteger units(Amount amount) {
        return amount.minorUnits();
    }

    /** Accounts that had a posting, or as a negative number those that had been counted before. */
    public static Activity active(long accounts) {
        return new Activity(0, NONE, NONE, NONE, NONE, accounts);
    }

    /** Both together. */
    public Activity plus(Activity other) {
        return new Activity(
                transfers + other.transfers,
                volume.add(other.volume),
                minted.add(other.minted),
                burned.add(other.burned),
                returned.add(other.returned),
                activeAccounts + other.activeAccounts);
    }
}
