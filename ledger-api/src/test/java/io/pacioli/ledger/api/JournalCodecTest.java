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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"coordinator\":3 | \"coordinator\":1000 | data.coordinator",
                "\"legs\":[ | \"legs\":[],\"x\":[ | data.legs",
                "\"legs\":[ | \"legs\":[7, | data.legs",
                "\"legs\":[ | \"x\":[ | data.legs",
                "\"leg\":1 | \"leg\":-1 | data.legs[1].leg",
                "\"leg\":1 | \"leg\":100 | data.legs[1].leg",
                "\"leg\":1 | \"leg\":\"1\" | data.legs[1].leg",
                "\"asset\":\"EUR\" | \"asset\":\"eur\" | data.legs[1].asset",
                "\"from\":\"alice\" | \"from\":\"\" | data.legs[0].from",
                "\"to\":\"carol\" | \"to\":7 | data.legs[2].to",
                "\"amount\":\"70000\" | \"amount\":\"-1\" | data.legs[1].amount",
                "\"fromShard\":3 | \"fromShard\":-1 | data.legs[0].fromShard",
                "\"toShard\":0 | \"toShard\":null | data.legs[2].toShard",
                "\"deadline\":\"2026-11-23T10:16:00.123Z\" | \"deadline\":\"2026-11-23T10:16:00Z\" | data.deadline",
                "\"numbers\":[4,12] | \"numbers\":[4] | data.numbers",
                "\"numbers\":[4,12] | \"numbers\":[4,12,5] | data.numbers",
                "\"numbers\":[4,12] | \"numbers\":[4,0] | data.numbers[1]",
                "\"numbers\":[4,12] | \"numbers\":[4,null] | data.numbers[1]",
                "\"numbers\":[4,12] | \"numbers\":[4,\"12\"] | data.numbers[1]",
                "\"numbers\":[4,12] | \"numbers\":{} | data.numbers",
            })
    void namesTheMemberOfATransactionThatIsWrong(String part, String replacement, String field) {
        Event begun = new Event.TransactionBegun(Samples.TRANSACTION, List.of(4L, 12L));
        assertThatDamageIsNamed(begun, part, replacement, field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"refusedBy\":5, | '' | data.numbers",
                "\"refusedBy\":5 | \"refusedBy\":0.5 | data.refusedBy",
                "\"number\":12, | '' | data.number",
                "\"reason\":{ | \"reason\":[],\"x\":{ | data.reason",
            })
    void namesTheMemberOfAnAbortThatIsWrong(String part, String replacement, String field) {
        Event aborted = new Event.TransactionAborted(Samples.TRANSACTION, 5, 12, List.of(7L), Samples.REJECTED);
        assertThatDamageIsNamed(aborted, part, replacement, field);
    }

    @Test
    void namesTheMemberOfAHoldOrOfADeferredCommandThatIsWrong() {
        assertThatDamageIsNamed(
                new Event.HoldPlaced(Samples.HOLD), "24T10:15:30.000Z", "24T10:15:30Z", "data.expiresAt");
        Event deferred = new Event.CommandDeferred(Samples.deferred(Samples.METADATA));
        assertThatDamageIsNamed(deferred, "\"amount\":\"1250\"", "\"amount\":true", "data.command.amount");
        assertThatDamageIsNamed(
                deferred, "\"notAfter\":\"2026", "\"notAfter\":\"1926", "data.command.conditions.notAfter");
        assertThatDamageIsNamed(deferred, "\"command\":{", "\"command\":7,\"x\":{", "data.command");
    }

    private static void assertThatDamageIsNamed(Event event, String part, String replacement, String field) {
        String json = json(Samples.entry(event, List.of()));
        String damaged = json.replace(part, replacement);
        assertThat(damaged).isNotEqualTo(json);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> decode(damaged))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void refusesATransactionOfMoreLegsThanACommandMayHave() {
        String json = json(Samples.entry(new Event.TransactionPosted(Samples.LOCAL), List.of()));
        String leg = json.substring(json.indexOf("{\"leg\""), json.indexOf("],\"deadline\""));
        assertThat(decode(json.replace(leg, (leg + ",").repeat(99) + leg))
                        .entry()
                        .event())
                .isInstanceOfSatisfying(
                        Event.TransactionPosted.class,
                        posted -> assertThat(posted.terms().legs()).hasSize(100));
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> decode(json.replace(leg, (leg + ",").repeat(100) + leg)))
                .withMessage("data.legs must be 1 to 100: 101");
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
