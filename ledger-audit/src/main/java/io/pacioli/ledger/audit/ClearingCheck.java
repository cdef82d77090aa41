package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.AccountId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds the clearing accounts of each pair of shards against what is under way between them, and each asset's accounts against zero. */
final class ClearingCheck {
    private ClearingCheck() {}

    /** Returns what is under way. Nothing can be said when a shard's journal was not read to its end. */
    static List<UnderWay> run(Books books, String topic, Findings findings) {
        Map<Clearing.Pair, BigInteger> balances = new TreeMap<>();
        books.forEach((shard, account, holding) -> {
            if (AccountId.isClearing(account)) {
                balances.merge(
                        Clearing.Pair.of(shard, peer(account), holding.asset()), holding.total(), BigInteger::add);
            }
        });
        Map<Clearing.Pair, BigInteger> toCome = new TreeMap<>();
        books.shards()
                .forEach(shard -> shard.clearing()
                        .toCome()
                        .forEach((pair, amount) -> toCome.merge(pair, amount, BigInteger::add)));
        if (books.faults().isEmpty()) {
            toCome.keySet().forEach(pair -> balances.putIfAbsent(pair, BigInteger.ZERO));
            balances.forEach((pair, balance) -> {
                BigInteger expected = toCome.getOrDefault(pair, BigInteger.ZERO).negate();
                if (!balance.equals(expected)) {
                    String rule = "clearing between shards " + pair.low() + " and " + pair.high()
                            + " must net to what is under way";
                    add(findings, Finding.Kind.CLEARING, topic, pair.low(), pair.asset(), rule, expected, balance);
                }
            });
            books.assets().values().stream().filter(asset -> !asset.balances()).forEach(asset -> {
                String rule = "all accounts must sum to zero";
                String code = asset.asset().code();
                add(findings, Finding.Kind.SUM, topic, 0, code, rule, BigInteger.ZERO, asset.sum());
            });
        }
        List<UnderWay> underWay = new ArrayList<>();
        balances.forEach((pair, balance) -> {
            if (balance.signum() != 0) {
                underWay.add(new UnderWay(pair.low(), pair.high(), pair.asset(), balance));
            }
        });
        return underWay;
    }

    private static int peer(String clearing) {
        int from = clearing.indexOf('/') + 1;
        return Integer.parseInt(clearing, from, clearing.indexOf('/', from), 10);
    }

    private static void add(
            Findings findings,
            Finding.Kind kind,
            String topic,
            int shard,
            String asset,
            String rule,
            BigInteger expected,
            BigInteger found) {
        findings.add(new Finding(
                kind, topic, shard, 0, Finding.NO_OFFSET, 0, asset, rule, expected.toString(), found.toString()));
    }
}
