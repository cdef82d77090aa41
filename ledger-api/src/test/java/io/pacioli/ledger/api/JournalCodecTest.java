package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.TransferKind;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JournalCodecTest {
    private static final Entry ENTRY = Samples.entry(
            new Event.TransferPosted(Samples.terms(TransferKind.TRANSFER)), Samples.postings(BigInteger.TEN));

    private static String json(Entry entry) {
        return new String(JournalCodec.encode(entry, Hash.ZERO).bytes(), StandardCharsets.UTF_8);
    }

    private static JournalRecord decode(String json) {
        return JournalCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#entries")
    void readsWhatItWrites(Entry entry) {
        Hash previous = Hash.of(new byte[] {1});
        SealedEntry sealed = JournalCodec.encode(entry, previous);
        JournalRecord record = JournalCodec.decode(sealed.bytes());
        assertThat(record).isEqualTo(new JournalRecord(entry, previous, sealed.hash()));
        assertThat(JournalCodec.encode(record.entry(), previous).bytes()).isEqualTo(sealed.bytes());
        assertThat(JournalCodec.isIntact(sealed.bytes())).isTrue();
    }

    @Test
    void hashesTheBytesBeforeTheHashSoThatAnybodyCanVerifyIt() throws NoSuchAlgorithmException {
        byte[] bytes = JournalCodec.encode(ENTRY, Hash.ZERO).bytes();
        byte[] content = Arrays.copyOf(bytes, bytes.length - 75);
        String seal = new String(bytes, content.length, 75, StandardCharsets.US_ASCII);
        String hex =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(seal).isEqualTo(",\"hash\":\"" + hex + "\"}");
    }

    @Test
    void chainsEachEntryToTheOneBefore() {
        SealedEntry first = JournalCodec.encode(ENTRY, Hash.ZERO);
        SealedEntry second = JournalCodec.encode(ENTRY, first.hash());
        assertThat(JournalCodec.decode(first.bytes()).previous()).isEqualTo(Hash.ZERO);
        assertThat(JournalCodec.decode(second.bytes()).previous()).isEqualTo(first.hash());
        assertThat(second.hash()).isNotEqualTo(first.hash());
    }

    @Test
    void isNoLongerIntactWhenAnyBitChangesOrBytesComeOrGo() {
        byte[] bytes = JournalCodec.encode(ENTRY, Hash.ZERO).bytes();
        for (int i = 0; i < bytes.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = bytes.clone();
                damaged[i] ^= (byte) (1 << bit);
                assertThat(JournalCodec.isIntact(damaged))
                        .as("byte %s bit %s", i, bit)
                        .isFalse();
            }
            assertThat(JournalCodec.isIntact(Arrays.copyOf(bytes, i)))
                    .as("cut at %s", i)
                    .isFalse();
        }
        assertThat(JournalCodec.isIntact(Arrays.copyOf(bytes, bytes.length + 1)))
                .isFalse();
    }

    @Test
    void isNotIntactWhenTheHashIsInUpperCaseOrNotLast() {
        String json = json(ENTRY);
        String hash = JournalCodec.encode(ENTRY, Hash.ZERO).hash().hex();
        String upper = hash.toUpperCase(Locale.ROOT);
        assertThat(upper).isNotEqualTo(hash);
        assertThat(JournalCodec.isIntact(json.replace(hash, upper).getBytes(StandardCharsets.UTF_8)))
                .isFalse();
        assertThat(JournalCodec.isIntact((json + " ").getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void ignoresUnknownMembers() {
        String json =
                json(ENTRY).replace("\"v\":1", "\"new\":[{}],\"v\":1").replace("\"data\":{", "\"data\":{\"new\":1,");
        assertThat(decode(json).entry()).isEqualTo(ENTRY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"v\":1 | \"v\":2 | v",
                "\"v\":1 | \"v\":\"1\" | v",
                "\"shard\":3 | \"shard\":1000 | shard",
                "\"shard\":3 | \"shard\":-1 | shard",
                "\"sequence\":1841 | \"sequence\":0 | sequence",
                "\"sequence\":1841 | \"sequence\":1.0 | sequence",
                "\"type\":\"TransferPosted\" | \"type\":\"Bribed\" | type",
                "\"commandId\":\"t-1\", | '' | commandId",
                "\"fingerprint\":\"01 | \"fingerprint\":\"x1 | fingerprint",
                "\"fingerprint\":\"01 | \"fingerprint\":\"1 | fingerprint",
                "\"cause\":\" | \"cose\":\" | cause",
                "T10:15 | t10:15 | at",
                "\"bucket\":\"available\" | \"bucket\":\"hidden\" | bucket",
                "\"amount\":\"-10\" | \"amount\":\"-1.0\" | amount",
                "\"version\":17 | \"version\":0 | version",
                "\"kind\":\"transfer\" | \"kind\":\"gift\" | kind",
                "\"prev\":\"00 | \"prev\":\"0 | prev",
                "\"hash\":\" | \"hash\":\"0 | hash",
            })
    void namesTheMemberThatIsWrong(String part, String replacement, String field) {
        String damaged = json(ENTRY).replaceFirst(Pattern.quote(part), replacement);
        assertThat(damaged).isNotEqualTo(json(ENTRY));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> decode(damaged))
                .satisfies(e -> assertThat(e.field()).endsWith(field));
    }

    @Test
    void refusesARecordThatDoesNotBalance() {
        String damaged = json(ENTRY).replace("\"amount\":\"-10\"", "\"amount\":\"-11\"");
        assertThatExceptionOfType(InvariantViolation.class)
                .isThrownBy(() -> decode(damaged))
                .withMessageStartingWith("must sum to zero for each asset");
    }

    @Test
    void givesTheHashOfNothingBeforeTheFirstEntry() {
        assertThat(Hash.ZERO.hex()).isEqualTo("0".repeat(64));
        assertThat(Hash.ofBytes(new byte[Hash.BYTES])).isEqualTo(Hash.ZERO).hasSameHashCodeAs(Hash.ZERO);
        assertThat(Hash.parse("hash", Hash.ZERO.hex())).isEqualTo(Hash.ZERO).hasToString("0".repeat(64));
        for (String wrong :
                List.of("", "0", "0".repeat(63), "0".repeat(65), "0".repeat(63) + "A", "0".repeat(63) + "g")) {
            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Hash.parse("hash", wrong));
        }
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Hash.ofBytes(new byte[31]));
    }
}
