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
        ShardBatch batch = new ShardBatch(shard, from, false);
        for (byte[] record : records) {
            batch.add(JournalCodec.decode(record), batch.to().offset(), record.length);
        }
        return batch;
    }

    /** Adds an entry of an event without postings. */
    static void add(ShardBatch batch, Event event) {
        add(batch, event, List.of());
    }

    /** Adds an entry that leaves an account with a balance; something else that is not looked at balances it. */
    static void add(ShardBatch batch, String account, String asset, Bucket bucket, BigInteger balance) {
        List<Posting> postings = List.of(
                new Posting(account, bucket, asset, BigInteger.ONE, balance, 1),
                new Posting("@" + asset, Bucket.AVAILABLE, asset, BigInteger.ONE.negate(), BigInteger.ONE, 1));
        add(batch, ANY, postings);
    }

    private static void add(ShardBatch batch, Event event, List<Posting> postings) {
        StorePosition last = batch.to();
        Entry entry = new Entry(batch.shard(), last.sequence() + 1, null, null, "test", 0, event, postings);
        batch.add(new JournalRecord(entry, last.hash(), Hash.of(entry.id().getBytes(UTF_8))), last.offset(), 1);
    }
}
