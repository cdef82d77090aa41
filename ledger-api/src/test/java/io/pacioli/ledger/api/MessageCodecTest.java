package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.core.Transit;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages between shards, and outcomes. */
class MessageCodecTest {
    private static final String CREDIT =
            json(new Transit.TransferCredit(0, 5, 12, Samples.terms(TransferKind.TRANSFER)));

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#transits")
    void readsTheTransitThatItWrites(Transit transit) {
        byte[] encoded = TransitCodec.encode(transit);
        assertThat(TransitCodec.decode(encoded)).isEqualTo(transit);
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#outcomes")
    void readsTheOutcomeThatItWrites(Outcome outcome) {
        byte[] encoded = OutcomeCodec.encode(outcome);
        assertThat(OutcomeCodec.decode(encoded)).isEqualTo(outcome);
    }

    @Test
    void tellsTheSenderWhyARecordIsNoCommand() {
        MalformedException malformed = new MalformedException("amount", "must be digits", "1.5");
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> OutcomeCodec.decode(OutcomeCodec.encode(malformed)))
                .satisfies(e -> assertThat(e).hasMessage(malformed.getMessage()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"v\":1 | \"v\":2 | v",
                "\"from\":0 | \"from\":1000 | from",
                "\"from\":0 | \"from\":-1 | from",
                "\"to\":5 | \"to\":\"5\" | to",
                "\"number\":12 | \"number\":0 | number",
                "\"commandId\":\"t-1\" | \"commandId\":\"\" | commandId",
                "\"from\":\"alice\" | \"from\":\"\" | data.from",
                "\"to\":\"bob\" | \"to\":\"b b\" | data.to",
                "\"asset\":\"GOLD\" | \"asset\":\"gold\" | data.asset",
                "\"type\":\"TransferCredit\" | \"type\":\"Gift\" | type",
            })
    void namesTheMemberOfATransitThatIsWrong(String part, String replacement, String field) {
        assertThatDamageIsNamed(CREDIT, part, replacement, field);
    }

    @Test
    void namesTheMemberOfATransactionsMessageThatIsWrong() {
        String prepare = json(new Transit.TransactionPrepare(5, 3, 12, Samples.PART));
        assertThatDamageIsNamed(prepare, "\"commandId\":\"t-1\"", "\"commandId\":\"t 1\"", "commandId");
        assertThatDamageIsNamed(prepare, "\"legs\":[", "\"legs\":[],\"x\":[", "data.legs");
        assertThatDamageIsNamed(prepare, "\"from\":\"bob\"", "\"from\":\"b b\"", "data.legs[1].from");
        String vote = json(new Transit.TransactionVote(3, 5, 3, "t-1", 12, Samples.REJECTED));
        assertThatDamageIsNamed(vote, "\"commandId\":\"t-1\"", "\"commandId\":\"\"", "commandId");
        assertThatDamageIsNamed(vote, "\"prepare\":12", "\"prepare\":0", "data.prepare");
        assertThatDamageIsNamed(vote, "\"prepare\":12,", "", "data.prepare");
        assertThatDamageIsNamed(vote, "\"limit\":\"8750\",", "", "data.reason.limit");
        String commit = json(new Transit.TransactionCommit(5, 3, 13, "t-1"));
        assertThatDamageIsNamed(commit, "\"commandId\":\"t-1\",", "", "commandId");
        String abort = json(new Transit.TransactionAbort(5, 3, 13, "t-1", Samples.REJECTED));
        assertThatDamageIsNamed(abort, "\"reason\":{", "\"x\":{", "data.reason");
    }

    @Test
    void namesTheReferenceThatIsWrong() {
        String capture = json(new Transit.TransferCredit(0, 5, 12, Samples.referring(TransferKind.CAPTURE)));
        assertThatDamageIsNamed(capture, "\"reference\":\"h-1\"", "\"reference\":\"h 1\"", "data.reference");
        assertThatDamageIsNamed(capture, "\"reference\":\"h-1\",", "", "data.reference");
        String reversal =
                json(new Transit.TransferReturn(5, 0, 3, Samples.referring(TransferKind.REVERSAL), Samples.REJECTED));
        assertThatDamageIsNamed(reversal, "\"reference\":\"h-1\",", "", "data.reference");
    }

    private static String json(Transit transit) {
        return new String(TransitCodec.encode(transit), StandardCharsets.UTF_8);
    }

    private static void assertThatDamageIsNamed(String json, String part, String replacement, String field) {
        String damaged = json.replace(part, replacement);
        assertThat(damaged).isNotEqualTo(json);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> TransitCodec.decode(bytes(damaged)))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"outcome\":\"rejected\" | \"outcome\":\"lost\" | outcome",
                "\"position\":\"3:1841\" | \"position\":\"3\" | position",
                "\"code\":\"INSUFFICIENT_FUNDS\" | \"code\":\"TOO_POOR\" | code",
                "\"rejection\" | \"refusal\" | rejection",
                "\"at\":\" | \"at\":\"x | at",
            })
    void namesTheMemberOfAnOutcomeThatIsWrong(String part, String replacement, String field) {
        String refused = Samples.outcomes()
                .filter(Outcome.Refused.class::isInstance)
                .map(outcome -> new String(OutcomeCodec.encode(outcome), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
        String damaged = refused.replace(part, replacement);
        assertThat(damaged).isNotEqualTo(refused);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> OutcomeCodec.decode(bytes(damaged)))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }
}
