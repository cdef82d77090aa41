package io.pacioli.ledger.projection.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** The Lua scripts, in files beside this class; one of several files is these put together. */
enum RedisScript {
    /** Applies a batch with its position. */
    APPLY("totals.lua", "apply.lua"),
    /** Reads the position of a shard, and whether its server may evict it. */
    LOCATE("locate.lua"),
    /** Empties a shard that has no position, or one of an older layout; without other keys, replaces its position. */
    CLEAR("clear.lua"),
    /** Reads accounts. */
    ACCOUNTS("accounts.lua"),
    /** Reads assets with their issuers' balances. */
    ASSETS("assets.lua"),
    /** Reads the first of a leaderboard. */
    LEADERBOARD("leaderboard.lua"),
    /** Reads an account's place on the leaderboard of its shard. */
    STANDING("totals.lua", "standing.lua"),
    /** Reads the place that an account of another shard would have on a leaderboard. */
    PLACE("place.lua"),
    /** Reads a page of accounts with what contradicts the leaderboards. */
    COMPARE("totals.lua", "compare.lua"),
    /** Lets what was built beside a shard take its place. */
    SWAP("swap.lua"),
    /** Takes, renews or gives up the right to rebuild. */
    LOCK("lock.lua"),
    /** Puts one account right. */
    REPAIR("totals.lua", "repair.lua");

    private final String text;
    private final String digest;

    RedisScript(String... files) {
        text = Arrays.stream(files).map(RedisScript::read).collect(Collectors.joining("\n"));
        digest = sha1(text);
    }

    String text() {
        return text;
    }

    /** The name by which Redis knows the script once it is loaded: the SHA-1 of its text. */
    String digest() {
        return digest;
    }

    private static String read(String file) {
        try (InputStream in = RedisScript.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing from the class path: " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }
}
