package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.Csv;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports as comma-separated values. Amounts are there twice, in minor units and with the decimals of the asset. */
final class ReportCsv {
    private ReportCsv() {}

    static String of(Reports.TrialBalance report) {
        Csv csv = new Csv()
                .header(columns(
                        List.of("asset", "accounts"),
                        List.of("available", "held", "locked", "staked", "total", "issuer", "clearing", "sum")));
        for (Reports.AssetBalance balance : report.assets()) {
            Statement.Amounts clients = balance.clients();
            csv.text(balance.asset()).number(balance.accounts());
            amount(csv, clients.available(), balance.decimals());
            amount(csv, clients.held(), balance.decimals());
            amount(csv, clients.locked(), balance.decimals());
            amount(csv, clients.staked(), balance.decimals());
            amount(csv, clients.total(), balance.decimals());
            amount(csv, balance.issuer(), balance.decimals());
            amount(csv, balance.clearing(), balance.decimals());
            amount(csv, balance.sum(), balance.decimals());
            csv.end();
        }
        return csv.toString();
    }

    static String of(Reports.AssetActivity report) {
        Csv csv = new Csv()
                .header(columns(
                        List.of("asset", "by", "starts", "transfers", "active_accounts"),
                        List.of("supply", "minted", "burned", "volume", "returned")));
        for (Reports.AssetPeriod period : report.periods()) {
            csv.text(report.asset()).text(report.by()).text(period.starts().toString());
            csv.number(period.transfers()).number(period.activeAccounts());
            amount(csv, period.supply(), report.decimals());
            amount(csv, period.minted(), report.decimals());
            amount(csv, period.burned(), report.decimals());
            amount(csv, period.volume(), report.decimals());
            amount(csv, period.returned(), report.decimals());
            csv.end();
        }
        return csv.toString();
    }

    private static void amount(Csv csv, @Nullable BigInteger minorUnits, @Nullable Integer decimals) {
        csv.number(minorUnits).decimal(minorUnits, decimals);
    }

    private static List<String> columns(List<String> first, List<String> amounts) {
        List<String> columns = new ArrayList<>(first);
        amounts.forEach(amount -> columns.addAll(List.of(amount + "_minor", amount)));
        return columns;
    }
}
