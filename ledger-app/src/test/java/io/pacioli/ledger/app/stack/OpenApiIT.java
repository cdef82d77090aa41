package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.stack.ApiDescription.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Asks a running ledger everything that its document describes, and holds each answer against that. What to ask is taken from the
 * document: a route that is new is asked as soon as it is described.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiIT {
    private static final Duration SETTLE_MAX = Duration.ofSeconds(60);

    private final EmbeddedStack stack =
            EmbeddedStack.start(StackSettings.fresh().withShards(2), false, () -> false, text -> {});
    private final RawApi api = new RawApi(stack.uri());
    private final ApiDescription description =
            new ApiDescription(api.get("/openapi.json").ok());
    private final String position = moveMoney();
    private final List<String> faults = new ArrayList<>();

    @AfterAll
    void stop() {
        api.close();
        stack.close();
    }

    /** Something of everything, so that no list is empty; the last position of it. */
    private String moveMoney() {
        accepted(
                "{'type':'DefineAsset','id':'d-1','asset':'GOLD','name':'Gold','emoji':'🪙','decimals':2,'maxSupply':'1000000'}");
        accepted("{'type':'DefineAsset','id':'d-2','asset':'POINTS','name':'Points','decimals':0}");
        for (String account : List.of("alice", "bob", "carol")) {
            accepted("{'type':'Mint','id':'m-" + account + "','asset':'GOLD','to':'" + account + "','amount':'9000'}");
            accepted(
                    "{'type':'Mint','id':'p-" + account + "','asset':'POINTS','to':'" + account + "','amount':'9000'}");
            await("/v1/accounts/" + account + "/balances", "\"asset\":\"POINTS\"");
        }
        accepted("{'type':'OpenAccount','id':'o-1','account':'dora','limits':{'GOLD':'-500'}}");
        accepted("{'type':'FreezeAccount','id':'f-1','account':'dora','reason':'lost card'}");
        for (String payee : List.of("bob", "carol", "erin")) {
            accepted("{'type':'Transfer','id':'to-" + payee + "','asset':'GOLD','from':'alice','to':'" + payee
                    + "','amount':'1250','memo':'lunch','metadata':{'order':'17'}}");
        }
        accepted("{'type':'Transact','id':'x-1','legs':[{'asset':'GOLD','from':'alice','to':'bob','amount':'5'},"
                + "{'asset':'POINTS','from':'bob','to':'alice','amount':'7'}]}");
        accepted("{'type':'PlaceHold','id':'h-1','asset':'GOLD','from':'alice','to':'bob','amount':'300'}");
        accepted("{'type':'CaptureHold','id':'k-1','hold':'h-1','from':'alice','amount':'100'}");
        await("/v1/transfers/to-bob", "\"status\":\"(posted|received)\"");
        accepted("{'type':'ReverseTransfer','id':'r-1','transfer':'to-bob','from':'bob','amount':'250'}");
        assertThat(api.command(
                                json(
                                        "{'type':'Transfer','id':'n-1','asset':'GOLD','from':'alice','to':'bob','amount':'99999999'}"))
                        .status())
                .isEqualTo(422);
        String last = accepted("{'type':'Burn','id':'b-1','asset':'GOLD','from':'alice','amount':'10'}");
        await("/v1/transfers/r-1", "\"status\":\"(posted|received)\"");
        await("/v1/transactions/x-1", "posted|committed");
        for (String path : List.of("/v1/accounts/alice/balances", "/v1/accounts/alice/entries")) {
            api.get(path + "?wait=30s&position=" + last).ok();
        }
        return last;
    }

    private String accepted(String command) {
        return api.command(json(command)).ok().path("position").asText();
    }

    private static String json(String quotedSimply) {
        return quotedSimply.replace('\'', '"');
    }

    /** What comes over from another shard takes a moment. */
    private void await(String path, String pattern) {
        long deadlineNanos = System.nanoTime() + SETTLE_MAX.toNanos();
        RawApi.Answer answer = api.get(path);
        while (answer.status() != 200 || !answer.text().matches("(?s).*(" + pattern + ").*")) {
            assertThat(System.nanoTime()).as(path + " " + answer.text()).isLessThan(deadlineNanos);
            answer = api.get(path);
        }
    }

    @Test
    void answersAsItIsDescribed() {
        assertThat(description.operations()).hasSizeGreaterThan(10);
        for (Operation operation : description.operations()) {
            if (operation.method().equals("GET")) {
                askInEveryWay(operation);
            } else {
                postExamples(operation);
            }
        }
        assertThat(faults).isEmpty();
    }

    private void askInEveryWay(Operation operation) {
        Map<String, String> required = new LinkedHashMap<>();
        Map<String, String> optional = new LinkedHashMap<>();
        for (JsonNode parameter : description.parameters(operation)) {
            if (parameter.path("in").asText().equals("query")) {
                (parameter.path("required").asBoolean() ? required : optional)
                        .put(parameter.path("name").asText(), value(operation, parameter));
            }
        }
        RawApi.Answer plain = ask(operation, path(operation, Map.of()) + query(required));
        if (plain.status() != 200) {
            faults.add(operation + ": " + plain.status() + " " + plain.text());
            return;
        }
        if (!plain.header("ETag").isEmpty()) {
            RawApi.Answer again =
                    ask(operation, path(operation, Map.of()) + query(required), "If-None-Match", plain.header("ETag"));
            if (again.status() != 304) {
                faults.add(operation + ": " + again.status() + " for who has the answer");
            }
        }
        for (String type : names(description.response(operation, 200).path("content"))) {
            RawApi.Answer typed = ask(operation, path(operation, Map.of()) + query(required), "Accept", type);
            if (!typed.header("Content-Type").startsWith(type)) {
                faults.add(operation + ": " + typed.header("Content-Type") + " instead of " + type);
            }
        }
        optional.forEach((name, value) -> {
            if (name.equals("cursor")) {
                askForPages(operation, required);
            } else {
                ask(operation, path(operation, Map.of()) + query(with(required, name, value)));
            }
        });
        askWhatIsNotThere(operation, required, optional.keySet());
    }

    private void askForPages(Operation operation, Map<String, String> required) {
        Map<String, String> small = with(required, "limit", "1");
        String cursor = ask(operation, path(operation, Map.of()) + query(small))
                .json()
                .path("nextCursor")
                .asText();
        for (int page = 0; page < 3 && !cursor.isEmpty(); page++) {
            RawApi.Answer next = ask(operation, path(operation, Map.of()) + query(with(small, "cursor", cursor)));
            if (next.status() != 200) {
                faults.add(operation + ": " + next.status() + " for its own cursor " + cursor);
                return;
            }
            cursor = next.json().path("nextCursor").asText();
        }
    }

    /** What does not exist, and what breaks a rule. */
    private void askWhatIsNotThere(Operation operation, Map<String, String> required, Set<String> optional) {
        Map<String, String> unknown = Map.of(
                "account", "nobody", "asset", "NOTHING", "id", "no-such-id", "position", "1:999999", "at", "soon");
        for (JsonNode parameter : description.parameters(operation)) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                RawApi.Answer answer = ask(
                        operation,
                        path(operation, Map.of(name, unknown.getOrDefault(name, "nothing"))) + query(required));
                // What there is not yet may be watched: it may come to be.
                boolean mayBeWatched = operation.path().endsWith("/stream");
                if (answer.status() / 100 != 4 && !name.equals("account") && !mayBeWatched) {
                    faults.add(operation + ": " + answer.status() + " for a " + name + " that there is not");
                }
            }
        }
        for (String name : optional) {
            if (Set.of("limit", "wait", "position", "cursor", "from").contains(name)) {
                RawApi.Answer answer = ask(operation, path(operation, Map.of()) + query(with(required, name, "-1")));
                if (answer.status() != 400) {
                    faults.add(operation + ": " + answer.status() + " for " + name + "=-1");
                }
            }
        }
    }

    private void postExamples(Operation operation) {
        JsonNode media = operation.node().at("/requestBody/content/application~1json");
        List<JsonNode> bodies = new ArrayList<>(media.path("examples").findValues("value"));
        if (media.has("example")) {
            bodies.add(media.path("example"));
        }
        assertThat(bodies).as(operation.toString()).isNotEmpty();
        for (JsonNode body : bodies) {
            check(operation, operation.path() + " " + body, api.post(operation.path(), body.toString()));
        }
        check(operation, "no JSON", api.post(operation.path(), "{"));
    }

    private RawApi.Answer ask(Operation operation, String path, String... headers) {
        RawApi.Answer answer = api.get(path, headers);
        check(operation, path, answer);
        return answer;
    }

    private void check(Operation operation, String asked, RawApi.Answer answer) {
        List<String> wrong = new ArrayList<>(description.faults(operation, answer));
        if (answer.status() >= 500) {
            wrong.add("failed");
        }
        if (!wrong.isEmpty()) {
            faults.add(asked + ": " + answer.status() + " " + wrong + " " + answer.text());
        }
    }

    private String path(Operation operation, Map<String, String> instead) {
        String path = operation.path();
        for (JsonNode parameter : description.parameters(operation)) {
            String name = parameter.path("name").asText();
            if (parameter.path("in").asText().equals("path")) {
                String value = instead.getOrDefault(name, value(operation, parameter));
                path = path.replace("{" + name + "}", RawApi.segment(value));
            }
        }
        return path;
    }

    /** What this ledger has; where that does not matter, what the document gives as an example. */
    private String value(Operation operation, JsonNode parameter) {
        String name = parameter.path("name").asText();
        JsonNode schema = description.resolved(parameter.path("schema"));
        return switch (name) {
            case "account" -> "alice";
            case "asset" -> "GOLD";
            case "position" -> position;
            // Later than all that history has, which is then told.
            case "at" -> "2100-01-01";
            case "id" -> operation.path().startsWith("/v1/transactions/") ? "x-1" : "to-bob";
            default -> {
                JsonNode example = parameter.has("example")
                        ? parameter.path("example")
                        : schema.has("examples") ? schema.path("examples").path(0) : schema.path("default");
                yield example.asText();
            }
        };
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return more;
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter -> parameter.getKey() + "=" + RawApi.segment(parameter.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }
}
