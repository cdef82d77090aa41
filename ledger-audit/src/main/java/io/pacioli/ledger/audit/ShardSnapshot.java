package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Deferral;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Hold;
import io.pacioli.ledger.core.PendingTransaction;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One shard in a {@link StateFile}: all that a replay needs to go on.
 *
 * @param state filled
 * @param offsets where the shard's partitions are to be read on
 * @param last the hash of the last entry
 * @param commandSequence see {@link ShardBooks#commandSequence}
 * @param commandMillis see {@link ShardBooks#commandMillis}
 * @param clearing what is still to be booked between shards
 * @param history what the journal so far is compared by
 * @param inputs where {@link DecidingReplay} stood between two inputs
 * @param checkpoints how far the shard's signed checkpoints were verified
 */
record ShardSnapshot(
        AuditShard state,
        ShardOffsets offsets,
        Hash last,
        long commandSequence,
        long commandMillis,
        Clearing clearing,
        HistoryFold history,
        Standing inputs,
        CheckpointTrail.Standing checkpoints) {
    /**
     * What a replay knows between two inputs besides the books.
     *
     * @param dueInARow how many entries before the next one were decided because they were due
     * @param unprovenMillis a time that the journal has reached and no input that was used has; -1 when there is none
     * @param unprovenSequence the entry that has reached it
     */
    record Standing(int dueInARow, long unprovenMillis, long unprovenSequence) {
        /** Before the first input. */
        static final Standing START = new Standing(0, -1, 0);
    }

    private static final int MANY = 64 << 20;

    static void write(ShardReplay replay, DataOutputStream out) throws IOException {
        ShardBooks books = replay.books();
        AuditShard state = books.state();
        long[] offsets = new long[3];
        for (int i = 0; i < replay.inflows().size(); i++) {
            offsets[i] = replay.inflows().get(i).usedTo();
        }
        for (long offset : offsets) {
            out.writeLong(offset);
        }
        Standing standing = replay.standing();
        out.writeInt(standing.dueInARow());
        out.writeLong(standing.unprovenMillis());
        out.writeLong(standing.unprovenSequence());
        checkpoints(replay.checkpoints().standing(), out);
        out.write(books.last().bytes());
        out.writeLong(books.commandSequence());
        out.writeLong(books.commandMillis());
        header(state.header(), out);
        out.writeInt(state.assets().size());
        for (Asset asset : state.assets()) {
            bytes(StateCodec.encode(asset), out);
        }
        out.writeInt(state.accounts().size());
        for (Account account : state.accounts()) {
            out.writeUTF(account.id());
            bytes(StateCodec.encode(account), out);
        }
        out.writeInt(state.pendingCommands().size());
        for (RememberedCommand command : state.pendingCommands()) {
            out.writeUTF(command.id());
            bytes(StateCodec.encode(command), out);
        }
        out.writeInt(state.channels().size());
        for (Channel channel : state.channels()) {
            out.writeInt(channel.peer());
            bytes(StateCodec.encode(channel), out);
        }
        out.writeInt(state.activeHolds().size());
        for (Hold hold : state.activeHolds()) {
            out.writeUTF(hold.id());
            bytes(StateCodec.encode(hold), out);
        }
        out.writeInt(state.transactions().size());
        for (PendingTransaction transaction : state.transactions()) {
            out.writeUTF(transaction.key());
            bytes(StateCodec.encode(transaction), out);
        }
        out.writeInt(state.deferrals().size());
        for (Deferral deferral : state.deferrals()) {
            out.writeUTF(deferral.command().id());
            bytes(StateCodec.encode(deferral), out);
        }
        table(state.commands(), out);
        table(state.endedHolds(), out);
        table(state.receipts(), out);
        out.writeInt(books.clearing().toCome().size());
        for (var toCome : books.clearing().toCome().entrySet()) {
            out.writeInt(toCome.getKey().low());
            out.writeInt(toCome.getKey().high());
            out.writeUTF(toCome.getKey().asset());
            bytes(toCome.getValue().toByteArray(), out);
        }
        books.history().write(out);
    }

    static ShardSnapshot read(int shard, KeyedHash hash, DataInputStream in) throws IOException {
        ShardOffsets offsets = new ShardOffsets(in.readLong(), in.readLong(), in.readLong());
        Standing standing = new Standing(in.readInt(), in.readLong(), in.readLong());
        CheckpointTrail.Standing checkpoints = checkpoints(in);
        Hash last = Hash.ofBytes(in.readNBytes(Hash.BYTES));
        long commandSequence = in.readLong();
        long commandMillis = in.readLong();
        AuditShard state = new AuditShard(shard, hash);
        state.put(header(shard, in));
        for (int i = in.readInt(); i > 0; i--) {
            state.put(StateCodec.asset(bytes(in)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            state.put(StateCodec.account(in.readUTF(), bytes(in)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            state.put(StateCodec.command(in.readUTF(), bytes(in)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            state.put(StateCodec.channel(in.readInt(), bytes(in)));
        }
        for (int i = in.readInt(); i > 0; i--) {
            Hold hold = StateCodec.hold(in.readUTF(), bytes(in));
            state.put(hold);
            due(state, hold.expiresAtMillis(), Due.Kind.HOLD_EXPIRY, hold.id());
        }
        for (int i = in.readInt(); i > 0; i--) {
            PendingTransaction transaction = StateCodec.transaction(in.readUTF(), bytes(in));
            state.put(transaction);
            if (transaction.terms().coordinator() == shard) {
                long deadline = transaction.terms().deadlineMillis();
                due(
                        state,
                        deadline,
                        Due.Kind.TRANSACTION_DEADLINE,
                        transaction.terms().id());
            }
        }
        for (int i = in.readInt(); i > 0; i--) {
            Deferral deferral = StateCodec.deferral(in.readUTF(), bytes(in));
            state.put(deferral);
            Command.Transfer command = deferral.command();
            due(state, command.conditions().notBeforeMillis(), Due.Kind.DEFERRED_COMMAND, command.id());
        }
        table(state.commands(), in);
        table(state.endedHolds(), in);
        table(state.receipts(), in);
        Clearing clearing = new Clearing();
        for (int i = in.readInt(); i > 0; i--) {
            Clearing.Pair pair = new Clearing.Pair(in.readInt(), in.readInt(), in.readUTF());
            clearing.toCome().put(pair, new BigInteger(bytes(in)));
        }
        HistoryFold history = HistoryFold.read(shard, hash, in);
        return new ShardSnapshot(
                state, offsets, last, commandSequence, commandMillis, clearing, history, standing, checkpoints);
    }

    private static void checkpoints(CheckpointTrail.Standing standing, DataOutputStream out) throws IOException {
        out.writeLong(standing.offset());
        out.writeLong(standing.number());
        out.write(standing.last().bytes());
        out.writeLong(standing.sequence());
        out.writeLong(standing.uncoveredSinceMillis());
    }

    private static CheckpointTrail.Standing checkpoints(DataInputStream in) throws IOException {
        return new CheckpointTrail.Standing(
                in.readLong(), in.readLong(), Hash.ofBytes(in.readNBytes(Hash.BYTES)), in.readLong(), in.readLong());
    }

    private static void header(ShardHeader header, DataOutputStream out) throws IOException {
        out.writeLong(header.sequence());
        out.writeLong(header.atMillis());
        ShardConfiguration configuration = header.configuration();
        out.writeBoolean(configuration != null);
        if (configuration != null) {
            out.writeInt(configuration.shards());
            out.writeLong(configuration.idempotencyWindowMillis());
            out.writeLong(configuration.idempotencyEntriesMax());
        }
    }

    private static ShardHeader header(int shard, DataInputStream in) throws IOException {
        long sequence = in.readLong();
        long atMillis = in.readLong();
        ShardConfiguration configuration =
                in.readBoolean() ? new ShardConfiguration(in.readInt(), in.readLong(), in.readLong()) : null;
        return new ShardHeader(shard, sequence, atMillis, configuration);
    }

    /** What falls due is told by what is due then, and not kept twice. */
    private static void due(AuditShard state, @Nullable Long atMillis, Due.Kind kind, String id) {
        if (atMillis != null) {
            state.put(new Due(Objects.requireNonNull(atMillis), kind, id));
        }
    }

    private static void table(FadingTable table, DataOutputStream out) throws IOException {
        out.writeInt(table.size());
        FadingTable.Visitor writer = (hash, untilMillis, untilSequence, value) -> {
            out.writeLong(hash);
            out.writeLong(untilMillis);
            out.writeLong(untilSequence);
            bytes(value, out);
        };
        table.forEach(writer);
    }

    private static void table(FadingTable table, DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            table.put(in.readLong(), in.readLong(), in.readLong(), bytes(in));
        }
    }

    private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MANY) {
            throw new IOException("a length must be 0 to " + MANY + ": " + length);
        }
        return in.readNBytes(length);
    }
}
