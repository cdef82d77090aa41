package io.pacioli.ledger.testkit.fuzz;

import io.pacioli.ledger.testkit.fuzz.JsonTree.Member;
import io.pacioli.ledger.testkit.fuzz.JsonTree.OfArray;
import io.pacioli.ledger.testkit.fuzz.JsonTree.OfObject;
import io.pacioli.ledger.testkit.fuzz.JsonTree.OfToken;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes messages: their members, values and nesting first, so that most of them are JSON still and reach what lies behind the parser, and
 * then their bytes. Stateless.
 */
public final class Mutator {
    private static final int PERCENT = 100;
    private static final int UNCHANGED_PERCENT = 5;
    private static final int BYTES_PERCENT = 35;
    private static final int CHANGES_MAX = 3;
    private static final int PART_MAX = 40;
    private static final int RUN_MAX = 8;
    private static final int CUT_ONE_IN = 8;

    private Mutator() {}

    /**
     * A message of which hardly anybody can say whether it is well-formed still.
     *
     * @param random decides everything
     * @param messages what to begin with, and to take other parts from; JSON as the ledger writes it, or plain text
     */
    public static byte[] next(SplittableRandom random, List<String> messages) {
        String message = messages.get(random.nextInt(messages.size()));
        int dice = random.nextInt(PERCENT);
        if (dice >= UNCHANGED_PERCENT) {
            boolean isJson = message.startsWith("{\"");
            boolean bytesOnly = dice < UNCHANGED_PERCENT + BYTES_PERCENT / 2;
            if (isJson && !bytesOnly) {
                message = tree(random, message, messages);
            }
            if (bytesOnly || !isJson || random.nextInt(PERCENT) < BYTES_PERCENT / 2) {
                for (int left = 1 + random.nextInt(CHANGES_MAX); left > 0; left--) {
                    message = bytes(random, message, messages);
                }
            }
        }
        return message.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String tree(SplittableRandom random, String message, List<String> messages) {
        JsonTree tree = JsonTree.of(message);
        String other = messages.get(random.nextInt(messages.size()));
        for (int left = 1 + random.nextInt(CHANGES_MAX); left > 0; left--) {
            List<JsonTree> branches = tree.branches();
            if (!branches.isEmpty()) {
                // The outermost has the members that matter most.
                JsonTree branch = branches.get(random.nextBoolean() ? 0 : random.nextInt(branches.size()));
                List<JsonTree> others =
                        other.startsWith("{\"") ? JsonTree.of(other).branches() : branches;
                change(random, branch, others.get(random.nextInt(others.size())));
            }
        }
        StringBuilder out = new StringBuilder(2 * message.length());
        tree.write(out);
        return out.toString();
    }

    private static void change(SplittableRandom random, JsonTree branch, JsonTree other) {
        switch (branch) {
            case OfObject object -> change(random, object.members(), other);
            case OfArray array -> changeElements(random, array.elements(), other);
            case OfToken _ -> throw new IllegalStateException("a token has no parts");
        }
    }

    private static void change(SplittableRandom random, List<Member> members, JsonTree other) {
        int at = random.nextInt(members.size());
        Member member = members.get(at);
        switch (random.nextInt(10)) {
            case 0 -> {
                if (members.size() > 1) {
                    members.remove(at);
                }
            }
            case 1 -> members.set(at, new Member(renamed(random, member.name()), member.value()));
            case 2 -> members.add(random.nextInt(members.size() + 1), member);
            case 3 -> members.add(at, new Member(member.name(), token(random)));
            case 4 -> members.set(at, new Member(member.name(), nested(random, member.value())));
            case 5 -> members.set(at, new Member(member.name(), part(random, other)));
            case 6 -> {
                Member second = members.get(random.nextInt(members.size()));
                members.set(at, new Member(member.name(), second.value()));
            }
            case 7 -> {
                if (other instanceof OfObject object && !object.members().isEmpty()) {
                    members.add(
                            object.members().get(random.nextInt(object.members().size())));
                }
            }
            default -> members.set(at, new Member(member.name(), token(random)));
        }
    }

    private static void changeElements(SplittableRandom random, List<JsonTree> elements, JsonTree other) {
        int at = random.nextInt(elements.size());
        switch (random.nextInt(5)) {
            case 0 -> {
                if (elements.size() > 1) {
                    elements.remove(at);
                }
            }
            case 1 -> elements.add(elements.get(at));
            case 2 -> elements.set(at, nested(random, elements.get(at)));
            case 3 -> elements.set(at, part(random, other));
            default -> elements.set(at, token(random));
        }
    }

    private static JsonTree token(SplittableRandom random) {
        return new OfToken(Tokens.value(random));
    }

    private static JsonTree part(SplittableRandom random, JsonTree other) {
        return switch (other) {
            case OfObject object
            when !object.members().isEmpty() ->
                object.members().get(random.nextInt(object.members().size())).value();
            case OfArray array
            when !array.elements().isEmpty() ->
                array.elements().get(random.nextInt(array.elements().size()));
            default -> other;
        };
    }

    /** The same value, in another type, or within another. */
    private static JsonTree nested(SplittableRandom random, JsonTree value) {
        StringBuilder text = new StringBuilder();
        value.write(text);
        String inner = text.toString();
        boolean isString = inner.length() > 1 && inner.startsWith("\"");
        return new OfToken(
                switch (random.nextInt(4)) {
                    case 0 -> "[" + inner + "]";
                    case 1 -> "{\"a\":" + inner + "}";
                    case 2 -> isString ? inner.substring(1, inner.length() - 1) : "\"" + inner + "\"";
                    default -> inner + inner;
                });
    }

    private static String renamed(SplittableRandom random, String name) {
        return switch (random.nextInt(5)) {
            case 0 -> name.toUpperCase(java.util.Locale.ROOT);
            case 1 -> name.replace("\"", "");
            case 2 -> "\"\\u0061" + name.substring(1);
            case 3 -> "\"" + "n".repeat(300) + "\"";
            default -> Tokens.value(random);
        };
    }

    private static String bytes(SplittableRandom random, String message, List<String> messages) {
        if (message.isEmpty()) {
            return Tokens.bytes(random);
        }
        int at = random.nextInt(message.length());
        int end = Math.min(message.length(), at + 1 + random.nextInt(RUN_MAX));
        return switch (random.nextInt(7)) {
            case 0 -> splice(message, at, at + 1, Character.toString(message.charAt(at) ^ (1 << random.nextInt(8))));
            case 1 -> splice(message, at, end, "");
            case 2 -> splice(message, at, at, Tokens.bytes(random));
            case 3 -> splice(message, at, end, Tokens.value(random));
            case 4 -> splice(message, at, at, message.substring(at, end));
            case 5 -> random.nextInt(CUT_ONE_IN) == 0 ? message.substring(0, at) : digit(random, message, at);
            default -> splice(message, at, end, piece(random, messages.get(random.nextInt(messages.size()))));
        };
    }

    /** Changes the next digit, so that numbers and times go out of range but stay numbers. */
    private static String digit(SplittableRandom random, String message, int from) {
        for (int i = from; i < message.length(); i++) {
            if (message.charAt(i) >= '0' && message.charAt(i) <= '9') {
                return splice(message, i, i + 1, Integer.toString(random.nextInt(10)));
            }
        }
        return message;
    }

    private static String piece(SplittableRandom random, String message) {
        if (message.isEmpty()) {
            return message;
        }
        int from = random.nextInt(message.length());
        return message.substring(from, Math.min(message.length(), from + 1 + random.nextInt(PART_MAX)));
    }

    private static String splice(String message, int from, int to, String inserted) {
        return message.substring(0, from) + inserted + message.substring(to);
    }
}
