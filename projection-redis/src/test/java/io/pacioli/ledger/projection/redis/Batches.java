package io.pacioli.ledger.projection.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.ShardConfiguration;
import java.math.BigInteger;
import java.util.List;

/** Batches from journals, and from postings that no command leads to yet. */
final class Batches {
    /** Where a shard starts whose journal starts at offset 0. */
    static final StorePosition START = StorePosition.beginning(0, 0);

    private static final Event ANY = new Event.ShardConfigured(new ShardConfiguration(1, 1, 1));

    private Batches() {}

    /** A batch of records, one offset apart. */
    static ShardBatch of(int shard, StorePosition from, List<byte[]> records) {
        ShardBatch batch = new ShardBatch(shard, from);
        for (byte[] record : records) {
            batch.add(JournalCodec.decode(record), batch.to().offset(), record.length);
        }
        return batch;
    }

    /** Adds an entry that leaves an account with a balance; something else that is not looked at balances it. */
    static void add(ShardBatch batch, String account, String asset, Bucket bucket, BigInteger balance) {
        StorePosition last = batch.to();
        List<Posting> postings = List.of(
                new Posting(account, bucket, asset, BigInteger.ONE, balance, 1),
                new Posting("@" + asset, Bucket.AVAILABLE, asset, BigInteger.ONE.negate(), BigInteger.ONE, 1));
        Entry entry = new Entry(0, last.sequence() + 1, null, null, "test", 0, ANY, postings);
        batch.add(new JournalRecord(entry, last.hash(), Hash.of(entry.id().getBytes(UTF_8))), last.offset(), 1);
    }
}
