/**
 * The live projection: folds the journal into balances and leaderboards in Redis, publishes what happens and answers queries.
 *
 * <h2>How it stays right</h2>
 *
 * The store itself says how far it has got. A batch of one shard is one script that first compares the stored position with the one
 * the batch continues from and, if they differ, changes nothing and answers with what is stored; the projector then goes on from
 * there. So a batch that comes twice, a crash between two, a second projector, a failover to a replica that missed some and an
 * older snapshot all end in the same state, and Kafka's consumer group decides only who projects which shard. A position also holds
 * the hash of the last entry, so that a store is never continued from the journal of another ledger. A shard without a position is
 * emptied and rebuilt, and so is one of an older layout; its position then names the journal's end at that moment, and until it is
 * reached nobody gets an answer from that shard. Redis must not evict keys ({@code maxmemory-policy noeviction}).
 *
 * <h2>Layout</h2>
 *
 * All keys of shard 3 start with {@code {s3}:} (behind a namespace, if one is set), which is a hash tag of Redis Cluster: each script
 * uses the keys of one shard, all passed as {@code KEYS}. Nothing expires.
 *
 * <table>
 * <caption>Keys of shard 3</caption>
 * <tr><th>key</th><th>type</th><th>content</th></tr>
 * <tr><td>{@code {s3}:position}</td><td>string</td><td>{@code 2 <sequence> <offset> <hash> <rebuildUntil>}: version of the layout, last
 *     entry applied, Kafka offset to read next, hash of the last entry, and the offset that a rebuild must reach, 0 for none</td></tr>
 * <tr><td>{@code {s3}:accounts:<0..4095>}</td><td>hash</td><td>clients' accounts by id, in the hash of the CRC-32 of the id's UTF-8
 *     modulo 4096: {@code GOLD=1250h20,SILVER=77}. The available balance comes first, then held ({@code h}), locked ({@code l}) and
 *     staked ({@code s}); zeroes are left out, and an account without anything is empty. An account that is not open has its
 *     status first: {@code frozen,GOLD=1250}, {@code closed}. Other elements without {@code =} are room for flags. Small hashes are
 *     stored packed, some 40 bytes an account</td></tr>
 * <tr><td>{@code {s3}:system}</td><td>hash</td><td>the same of the ledger's own accounts: issuers and clearing</td></tr>
 * <tr><td>{@code {s3}:assets}</td><td>hash</td><td>by code: decimals, a space and the definition as JSON on the shard where the asset was
 *     defined; the decimals on the others; empty when the shard has been paid in an asset that it has not learned of yet</td></tr>
 * <tr><td>{@code {s3}:leaderboard:<asset>}</td><td>sorted set</td><td>clients' accounts with a total that is not zero, scored by minus
 *     the total. Up to 15 digits the score is exact and the member is the account. Longer totals keep their digits in the member,
 *     which Redis orders by where scores are equal: {@code <99 - number of digits><nines' complement of the digits> <account>} (the number
 *     and the digits themselves when the total is negative). So the order in Redis is the exact one, ties by account</td></tr>
 * </table>
 *
 * An asset's supply is minus the balance of its issuer, {@code @GOLD} in {@code {s3}:system} of the issuer's shard. Layout 1 had no
 * status.
 *
 * <h2>Channels</h2>
 *
 * The script that applies a batch also publishes what happened, in the order of the journal: each posting of a client's account or an
 * issuer to {@code account:<id>} and {@code asset:<code>}, and each opening, freezing, unfreezing and closing of an account to
 * {@code account:<id>}, the same {@link io.pacioli.ledger.api.Notification} in JSON to both. Channels stand behind the namespace too, if
 * there is one, but carry no hash tag: in Redis Cluster a message goes over the bus to all nodes. Nothing is published while a shard
 * is being rebuilt. A batch that a failover lost is applied again, and published again.
 */
@NullMarked
package io.pacioli.ledger.projection.redis;

import org.jspecify.annotations.NullMarked;
