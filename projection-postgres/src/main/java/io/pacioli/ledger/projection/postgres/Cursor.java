package io.pacioli.ledger.projection.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended, so that the next page begins right after it whatever was added since.
 *
 * <p>Opaque to clients: its text is no promise.
 */
sealed interface Cursor {
    /** A list that has cursors of its own: those of another are refused, because they would name a wrong place. */
    enum Kind {
        ACCOUNT("account"),
        JOURNAL("journal"),
        REJECTIONS("rejections"),
        ASSET("asset"),
        HOLDINGS("holdings");

        private final String tag;

        Kind(String tag) {
            this.tag = tag;
        }
    }

    /**
     * In a list that is ordered by time, newest first.
     *
     * @param atMillis when the last item was decided
     * @param shard its shard
     * @param number what tells items of one time and shard apart: an account's version or a sequence
     */
    record InTime(Kind kind, long atMillis, int shard, long number) implements Cursor {
        /** The time of the last item as the tables have it. */
        OffsetDateTime at() {
            return time(atMillis);
        }

        /** The list goes on before this. */
        Instant end() {
            return Instant.ofEpochMilli(atMillis + 1);
        }

        /** @throws IllegalArgumentException when it is none of such a list; the message completes "must be" */
        static InTime parse(Kind kind, String text) {
            List<String> parts = parts(kind, text, 3);
            return new InTime(
                    kind, millis(parts.get(0)), (int) bounded(parts.get(1), Integer.MAX_VALUE), whole(parts.get(2)));
        }

        @Override
        public String toString() {
            return text(kind, atMillis, shard, number);
        }
    }

    /**
     * Among the postings of an asset, newest first: an entry may have several.
     *
     * @param account that the last posting changed
     * @param version of that account
     */
    record InAsset(long atMillis, int shard, long sequence, String account, long version) implements Cursor {
        /** The time of the last item as the tables have it. */
        OffsetDateTime at() {
            return time(atMillis);
        }

        /** The list goes on before this. */
        Instant end() {
            return Instant.ofEpochMilli(atMillis + 1);
        }

        /** @throws IllegalArgumentException when it is none of such a list; the message completes "must be" */
        static InAsset parse(String text) {
            List<String> parts = parts(Kind.ASSET, text, 5);
            return new InAsset(
                    millis(parts.get(0)),
                    (int) bounded(parts.get(1), Integer.MAX_VALUE),
                    whole(parts.get(2)),
                    parts.get(3),
                    whole(parts.get(4)));
        }

        @Override
        public String toString() {
            return text(Kind.ASSET, atMillis, shard, sequence, account, version);
        }
    }

    /** In a list of holdings, by account, asset and shard. */
    record InHoldings(String account, String asset, int shard) implements Cursor {
        /** @throws IllegalArgumentException when it is none of such a list; the message completes "must be" */
        static InHoldings parse(String text) {
            List<String> parts = parts(Kind.HOLDINGS, text, 3);
            return new InHoldings(parts.get(0), parts.get(1), (int) bounded(parts.get(2), Integer.MAX_VALUE));
        }

        @Override
        public String toString() {
            return text(Kind.HOLDINGS, account, asset, shard);
        }
    }

    /** Neither an account's id nor a number has a control character in it. */
    String SEPARATOR = "\n";

    /** The end of the year 9999, after which there are no entries. */
    long MILLIS_MAX = 253_402_300_799_999L;

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    private static String text(Kind kind, Object... parts) {
        String joined = Stream.concat(Stream.of(kind.tag), Arrays.stream(parts))
                .map(String::valueOf)
                .collect(Collectors.joining(SEPARATOR));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> parts(Kind kind, String text, int count) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
            String joined = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            List<String> parts = List.of(joined.split(SEPARATOR, -1));
            if (parts.size() == 1 + count && parts.getFirst().equals(kind.tag) && joined.indexOf('\0') < 0) {
                return parts.subList(1, parts.size());
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw invalid(e);
        }
        throw invalid(null);
    }

    private static long millis(String digits) {
        return bounded(digits, MILLIS_MAX);
    }

    private static long whole(String digits) {
        return bounded(digits, Long.MAX_VALUE);
    }

    private static long bounded(String digits, long max) {
        try {
            long number = Long.parseLong(digits);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw invalid(e);
        }
        throw invalid(null);
    }

    private static IllegalArgumentException invalid(@Nullable Throwable cause) {
        return new IllegalArgumentException("a nextCursor that an earlier page of this list gave", cause);
    }
}
