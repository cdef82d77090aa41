package io.pacioli.ledger.projection.postgres;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reports over HTTP: the trial balance, and figures by hour and day. */
final class ReportsApi implements HttpModule {
    /** A trial balance looks at all accounts: a few of them at a time leave room for other questions. */
    private static final int TRIAL_BALANCES_MAX = 2;

    private static final int ASSETS_MAX = 1_000;
    private static final List<Format> FORMATS = List.of(Format.JSON, Format.CSV);

    private final ReportQueries reports;
    private final Requests requests;
    private final Semaphore trialBalances = new Semaphore(TRIAL_BALANCES_MAX);

    ReportsApi(Snapshots snapshots, Shards shards, Requests requests) {
        reports = new ReportQueries(snapshots, shards);
        this.requests = requests;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/reports/trial-balance", this::trialBalance);
        routes.get("/v1/reports/assets", this::assets);
        routes.get("/v1/reports/assets/{asset}", this::activity);
        routes.get("/v1/reports/rejections", this::rejections);
    }

    private void trialBalance(Context context) {
        Format format = Format.of(context, FORMATS);
        @Nullable AsOf at = Requests.query(context, "at", text -> AsOf.parse(text, requests.shards()));
        if (!trialBalances.tryAcquire()) {
            throw Requests.unavailable("TOO_MANY_REPORTS", "as many trial balances as may are being made already");
        }
        try {
            Found<Reports.TrialBalance> found = requests.ask(context, () -> reports.trialBalance(at));
            answer(context, format, found.present(), found, ReportCsv::of);
        } finally {
            trialBalances.release();
        }
    }

    private void assets(Context context) {
        int limit = Parameters.of(context).integer("limit", ASSETS_MAX, 1, ASSETS_MAX);
        String after = Parameters.of(context)
                .value("cursor", code -> Fields.asset("cursor", code))
                .orElse("");
        requests.answer(context, () -> reports.assets(after, limit));
    }

    private void activity(Context context) {
        String asset = Requests.asset(context);
        Format format = Format.of(context, FORMATS);
        Grain grain = grain(context);
        Asked asked = Requests.asked(context);
        Found<Reports.AssetActivity> found = requests.ask(context, () -> reports.activity(asset, grain, asked));
        answer(context, format, Requests.present(found, Requests.Thing.ASSET, asset), found, ReportCsv::of);
    }

    private void rejections(Context context) {
        Grain grain = grain(context);
        Asked asked = Requests.asked(context);
        @Nullable String code = HistoryApi.code(context);
        requests.answer(context, () -> reports.rejections(grain, code, asked));
    }

    private static Grain grain(Context context) {
        return Parameters.of(context).choice("by", Grain.day);
    }

    private static <T> void answer(Context context, Format format, T report, Found<?> found, Function<T, String> csv) {
        context.header(Header.VARY, Header.ACCEPT);
        if (format == Format.JSON) {
            Answers.json(context, found.asOf(), report);
        } else {
            format.answer(context, found.asOf(), () -> csv.apply(report));
        }
    }
}
