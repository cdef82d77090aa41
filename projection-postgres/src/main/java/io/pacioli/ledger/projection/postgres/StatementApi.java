package io.pacioli.ledger.projection.postgres;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.service.Answers;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import java.util.List;

/** Account statements over HTTP: in JSON, for spreadsheets, and to print. */
final class StatementApi implements HttpModule {
    private static final List<Format> FORMATS = List.of(Format.JSON, Format.CSV, Format.HTML);

    private final StatementQueries statements;
    private final Requests requests;

    StatementApi(Snapshots snapshots, Shards shards, Requests requests) {
        statements = new StatementQueries(snapshots, shards);
        this.requests = requests;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/statement", this::statement);
    }

    private void statement(Context context) {
        String account = Requests.account(context);
        String asset = Requests.assetQuery(context);
        if (asset == null) {
            throw Parameters.invalid("asset", "must be given", "nothing");
        }
        Format format = Format.of(context, FORMATS);
        Asked asked = Requests.asked(context);
        Found<Statement> found = requests.ask(context, () -> statements.statement(account, asset, asked));
        Statement statement = Requests.present(found, Requests.Thing.ACCOUNT, account);
        switch (format) {
            case JSON -> {
                context.header(Header.VARY, Header.ACCEPT);
                Answers.json(context, found.asOf(), statement);
            }
            case CSV -> {
                context.header(Header.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName(statement) + ".csv\"");
                format.answer(context, found.asOf(), () -> StatementCsv.of(statement));
            }
            case HTML -> {
                context.header(Header.CONTENT_SECURITY_POLICY, StatementHtml.POLICY);
                context.header(Header.X_CONTENT_TYPE_OPTIONS, "nosniff");
                format.answer(context, found.asOf(), () -> StatementHtml.of(statement));
            }
        }
    }

    private static String fileName(Statement statement) {
        return ("statement-" + statement.account() + "-" + statement.asset()).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
