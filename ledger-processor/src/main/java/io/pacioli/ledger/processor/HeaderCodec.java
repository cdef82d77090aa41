package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.StateReader;
import io.pacioli.ledger.api.state.StateWriter;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;

/** The one value of the state store that says how far the shard has got. */
final class HeaderCodec {
    private static final int VERSION = 2;
    private static final int HEADER_NUMBERS = 5;

    private HeaderCodec() {}

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
}
