package io.pacioli.ledger.app.chaos;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of what the kernel keeps for a run, and would keep for ever when the run is killed outright: the next one takes it away. */
final class Leftover {
    private static final String PREFIX = "ledger-chaos-";
    private static final Pattern NAME = Pattern.compile("^" + PREFIX + "(\\d{1,10})-");

    private Leftover() {}

    /** A name that says whose it is. */
    static String name(String what) {
        return PREFIX + ProcessHandle.current().pid() + "-" + what;
    }

    /** Whether its name is one of ours, of a process that has ended. */
    static boolean is(Path path) {
        Matcher pid = NAME.matcher(path.getFileName().toString());
        return pid.find() && ProcessHandle.of(Long.parseLong(pid.group(1))).isEmpty();
    }
}
