package io.pacioli.ledger.processor;

import io.pacioli.ledger.core.Due;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The keys of the state store: one letter for the kind, then the id, which only the header's lacks. */
final class StateKeys {
    /** The one header of a shard. */
    static final byte[] HEADER = {'h'};

    /** The kind of remembered commands. */
    static final char COMMAND = 'c';

    /** The kind of receipts. */
    static final char RECEIPT = 'd';

    /** The kind of holds. */
    static final char HOLD = 'e';

    /** The first key of what is forgotten some time after it is over: commands, receipts and holds. */
    static final byte[] FORGOTTEN_FROM = {COMMAND};

    /** A key above all keys of these kinds and below the next. */
    static final byte[] FORGOTTEN_TO = {HOLD + 1};

    /** The first key of what falls due, in order of time. */
    static final byte[] DUE_FROM = {'q'};

    /** A key above all keys of what falls due. */
    static final byte[] DUE_TO = {'q' + 1};

    private static final int DUE_ID_AT = 1 + Long.BYTES + 1;
    /** In the order of the numbers that stand for them in the store, which is that of {@link Due}. */
    private static final List<Due.Kind> DUE_KINDS =
            List.of(Due.Kind.HOLD_EXPIRY, Due.Kind.TRANSACTION_DEADLINE, Due.Kind.DEFERRED_COMMAND);

    private StateKeys() {}

    static byte[] account(String id) {
        return key('a', id);
    }

    static byte[] command(String id) {
        return key(COMMAND, id);
    }

    static byte[] receipt(String transferId) {
        return key(RECEIPT, transferId);
    }

    static byte[] hold(String id) {
        return key(HOLD, id);
    }

    static byte[] transaction(String key) {
        return key('x', key);
    }

    static byte[] deferral(String commandId) {
        return key('w', commandId);
    }

    static byte[] replyTo(String commandId) {
        return key('r', commandId);
    }

    /** In the order of {@link Due}. */
    static byte[] due(Due due) {
        byte[] id = due.id().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(DUE_ID_AT + id.length)
                .put(DUE_FROM)
                .putLong(due.atMillis())
                .put((byte) DUE_KINDS.indexOf(due.kind()))
                .put(id)
                .array();
    }

    /** What a key that {@link #due(Due)} made stands for. */
    static Due due(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key).position(1);
        return new Due(
                in.getLong(),
                DUE_KINDS.get(in.get()),
                new String(key, DUE_ID_AT, key.length - DUE_ID_AT, StandardCharsets.UTF_8));
    }

    /** The least key above a key. */
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    static byte[] asset(String code) {
        return key('s', code);
    }

    static byte[] channel(int peer) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put((byte) 't')
                .putInt(peer)
                .array();
    }

    private static byte[] key(char kind, String id) {
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + text.length];
        key[0] = (byte) kind;
        System.arraycopy(text, 0, key, 1, text.length);
        return key;
    }
}
