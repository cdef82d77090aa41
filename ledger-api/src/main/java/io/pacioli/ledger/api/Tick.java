package io.pacioli.ledger.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A record of the command topic that says nothing but what time it is: processors write one to their own shard when something is
 * due and no command comes. As the broker dates it and keeps it behind all commands that came before, what is due is decided by the
 * broker's clock and after them, whatever the processor's own clock says.
 *
 * <p>It is no command and has no outcome. Anybody may write one; it leads to nothing but what is due by the broker's time.
 */
public final class Tick {
    private static final byte[] VALUE = "{\"type\":\"Tick\"}".getBytes(StandardCharsets.US_ASCII);

    private Tick() {}

    /** The value of the record. */
    public static byte[] bytes() {
        return VALUE.clone();
    }

    /** Whether a record's value is that of a tick, byte for byte. */
    public static boolean is(byte @Nullable [] value) {
        return Arrays.equals(VALUE, value);
    }
}
