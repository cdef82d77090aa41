package io.pacioli.ledger.projection.redis;

import java.util.List;

/**
 * Who has the most of an asset, over all shards. System accounts are left out.
 *
 * @param asset its code
 * @param decimals how many digits of a total stand behind the point when people read it
 * @param count how many accounts are ranked: all with a total that is not zero
 * @param leaders the largest first; accounts with equal totals in the order of their ids
 */
public record Leaderboard(String asset, int decimals, long count, List<Leader> leaders) {}
