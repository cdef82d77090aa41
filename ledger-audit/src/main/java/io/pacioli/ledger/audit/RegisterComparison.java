package io.pacioli.ledger.audit;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The accounts and assets that a projection keeps of one shard, held against the journal row by row. */
final class RegisterComparison {
    private final ShardBooks books;
    private final Register register;
    private final HistoryFindings findings;
    private final Set<String> accounts = new HashSet<>();
    private final Set<String> assets = new HashSet<>();

    RegisterComparison(ShardBooks books, HistoryFindings findings) {
        this.books = books;
        this.findings = findings;
        register = books.history().register();
    }

    void account(HistoryRow row) {
        accounts.add(row.key());
        compare(register.account(row.key(), books.state()), row);
    }

    void asset(HistoryRow row) {
        assets.add(row.key());
        compare(register.asset(row.key(), books.state()), row);
    }

    private void compare(@Nullable HistoryRow expected, HistoryRow found) {
        if (expected == null) {
            findings.needless(found);
        } else {
            findings.compare(expected, found);
        }
    }

    /** All rows were read. */
    void finish() {
        for (String account : register.accountIds()) {
            if (!accounts.contains(account)) {
                missing(register.account(account, books.state()));
            }
        }
        for (String asset : register.assetCodes()) {
            if (!assets.contains(asset)) {
                missing(register.asset(asset, books.state()));
            }
        }
    }

    private void missing(@Nullable HistoryRow row) {
        if (row != null) {
            findings.missing(row);
        }
    }
}
