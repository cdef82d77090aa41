package io.pacioli.ledger.projection.redis;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers questions about accounts. */
final class AccountRoutes {
    private static final int LIST_DEFAULT = 50;

    private final RedisBalances balances;
    private final Questions questions;

    /** @param asOf null for an account among others, which say it for all */
    private record AccountBody(
            String account, String status, @Nullable String asOf, List<Balance> balances) {
        static AccountBody of(AccountBalances account, @Nullable String asOf) {
            return new AccountBody(account.account(), Questions.text(account.status()), asOf, account.balances());
        }

        static List<AccountBody> of(List<AccountBalances> accounts) {
            return accounts.stream().map(account -> of(account, null)).toList();
        }
    }

    private record ManyBody(String asOf, List<AccountBody> accounts, List<String> notFound) {}

    private record ListBody(
            String asOf,
            List<AccountBody> accounts,
            @Nullable String nextCursor) {}

    AccountRoutes(RedisBalances balances, Questions questions) {
        this.balances = balances;
        this.questions = questions;
    }

    void one(Context context) {
        String account = Questions.account(context);
        Answer<AccountBalances> answer = questions.ask(context, () -> balances.account(account));
        AccountBalances found = answer.value().orElseThrow(() -> Questions.noAccount(account, answer.positions()));
        Answers.json(context, answer.positions(), AccountBody.of(found, Positions.text(answer.positions())));
    }

    void many(Context context) {
        Set<String> accounts = named(Json.object(context).path("accounts"));
        Answer<List<AccountBalances>> answer = questions.ask(context, () -> balances.accounts(accounts));
        List<AccountBalances> found = answer.value().orElse(List.of());
        Set<String> known = found.stream().map(AccountBalances::account).collect(Collectors.toSet());
        List<String> notFound =
                accounts.stream().filter(account -> !known.contains(account)).toList();
        context.json(new ManyBody(Positions.text(answer.positions()), AccountBody.of(found), notFound));
    }

    /** The accounts of a request, each once. */
    private static Set<String> named(JsonNode accounts) {
        if (!accounts.isArray() || accounts.isEmpty() || accounts.size() > RedisBalances.ACCOUNTS_MAX) {
            String rule = "must be an array of 1 to " + RedisBalances.ACCOUNTS_MAX + " account ids";
            throw Parameters.invalid("accounts", rule, accounts.isArray() ? accounts.size() + " of them" : "none");
        }
        Set<String> named = LinkedHashSet.newLinkedHashSet(accounts.size());
        for (int i = 0; i < accounts.size(); i++) {
            String field = "accounts[" + i + "]";
            JsonNode account = accounts.get(i);
            if (!account.isTextual()) {
                throw Parameters.invalid(field, "must be a string", account.toString());
            }
            named.add(Questions.wellFormed(field, account.textValue()));
        }
        return named;
    }

    void list(Context context) {
        Parameters parameters = Parameters.of(context);
        int limit = parameters.integer("limit", LIST_DEFAULT, 1, RedisBalances.ACCOUNTS_MAX);
        AccountCursor cursor = parameters.value("cursor", balances::cursor).orElse(AccountCursor.START);
        Answer<AccountList> answer = questions.ask(context, () -> balances.list(cursor, limit));
        AccountList list = answer.value().orElseThrow();
        AccountCursor next = list.next();
        Answers.json(
                context,
                answer.positions(),
                new ListBody(
                        Positions.text(answer.positions()),
                        AccountBody.of(list.accounts()),
                        next == null ? null : next.text()));
    }
}
