package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Position;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accounts of one shard as the store has them, read at once.
 *
 * @param position what they are true for
 * @param hashes how many hashes were read
 * @param texts what is stored of each account
 * @param decimals of the assets that they have; null for those that the shard has not learned of
 */
record StoredAccounts(
        Position position, int hashes, Map<String, String> texts, Map<String, @Nullable Integer> decimals) {
    /** Reads what the script answers. */
    static StoredAccounts of(ShardReader.Read read) {
        List<String> answer = read.texts();
        int definitions = 2 + 2 * Integer.parseInt(answer.get(1));
        Map<String, String> texts = LinkedHashMap.newLinkedHashMap(definitions / 2);
        for (int i = 2; i < definitions; i += 2) {
            texts.put(answer.get(i), answer.get(i + 1));
        }
        Map<String, @Nullable Integer> decimals = new HashMap<>();
        for (int i = definitions; i < answer.size(); i += 2) {
            decimals.put(answer.get(i), AssetDefinition.decimals(answer.get(i + 1)));
        }
        return new StoredAccounts(read.position(), Integer.parseInt(answer.getFirst()), texts, decimals);
    }

    /** An account; empty when the shard does not know it. */
    Optional<AccountBalances> account(String id) {
        return Optional.ofNullable(texts.get(id)).map(text -> balances(id, text));
    }

    private AccountBalances balances(String id, String text) {
        List<Balance> balances = StoredAccount.holdings(text).stream()
                .map(holding -> Balance.of(holding, decimals.get(holding.asset())))
                .toList();
        return new AccountBalances(id, StoredAccount.status(text), balances);
    }
}
