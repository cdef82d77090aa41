package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.List;

/**
 * What would have been with other definitions.
 *
 * @param positions of the last entry of each shard on record that was looked at
 * @param outcomes how many outcomes there are from where the definitions changed on, on record or otherwise
 * @param outcomesDifferent how many of them are not the same
 * @param changes the different ones counted by what they were and would have been, most first
 * @param firstOutcomes the first different ones, at most {@link #KEPT_MAX}
 * @param entriesThen how many entries there are on record
 * @param entriesNow how many there would be
 * @param balancesDifferent how many balances, of an account and an asset, are not the same at the end
 * @param firstBalances the first different ones by account and asset, at most {@link #KEPT_MAX}
 * @param supplies of each asset, by code
 */
public record WhatIfReport(
        List<Position> positions,
        long outcomes,
        long outcomesDifferent,
        List<Change> changes,
        List<OutcomeDifference> firstOutcomes,
        long entriesThen,
        long entriesNow,
        long balancesDifferent,
        List<BalanceDifference> firstBalances,
        List<Supply> supplies) {
    /** How many differences of a kind are kept. */
    public static final int KEPT_MAX = 100;

    /** Stands for a command that took effect. */
    public static final String ACCEPTED = "ACCEPTED";

    /** Stands for a command without an outcome, or with none yet. */
    public static final String NONE = "NONE";

    /** Outcomes that would have been other ones: {@link #ACCEPTED}, {@link #NONE} or the code of a rejection. */
    public record Change(String then, String now, long count) {}

    /**
     * A command whose outcome would have been another one.
     *
     * @param commandId its id
     * @param position of its outcome on record; of the one that it would have when there is none
     */
    public record OutcomeDifference(String commandId, Position position, String then, String now) {}

    /** What an account has at the end and what it would have. */
    public record BalanceDifference(String account, Holding then, Holding now) {}

    /** How much of an asset circulates at the end and how much would, in minor units. */
    public record Supply(Asset asset, BigInteger then, BigInteger now) {}

    /** Whether nothing would have been different. */
    public boolean isSame() {
        return outcomesDifferent == 0
                && balancesDifferent == 0
                && entriesThen == entriesNow
                && supplies.stream().allMatch(supply -> supply.then().equals(supply.now()));
    }
}
