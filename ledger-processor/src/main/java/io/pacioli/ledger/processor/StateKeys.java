package io.pacioli.ledger.processor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The keys of the state store: one letter for the kind, then the id. */
final class StateKeys {
    /** The one header of a shard. */
    static final byte[] HEADER = {'h'};

    /** The first key that a command may have. */
    static final byte[] COMMANDS_FROM = {'c'};

    /** A key above all keys of commands and below the next kind. */
    static final byte[] COMMANDS_TO = {'c' + 1};

    private StateKeys() {}

    static byte[] account(String id) {
        return key('a', id);
    }

    static byte[] command(String id) {
        return key('c', id);
    }

    /** The id in a key that {@link #command} made. */
    static String commandId(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
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
