package io.pacioli.ledger.gateway.stream;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the streams. A stream begins where the header {@code Last-Event-ID} says, or the parameter {@code position}, or else
 * at the present end.
 */
final class StreamRoutes implements HttpModule {
    private static final Logger LOG = LoggerFactory.getLogger(StreamRoutes.class);
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /** With more, the id of an asset's event would not fit into the header that it comes back in. */
    private static final int ASSET_SHARDS_MAX = 400;

    /** The server's own buffer: events are put together before they come to it. */
    private static final int BUFFER_BYTES = 1_024;

    private final EventStreams streams;

    StreamRoutes(EventStreams streams) {
        this.streams = streams;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/accounts/{account}/stream", this::account);
        routes.get("/v1/assets/{asset}/stream", this::asset);
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/streams.yaml");
    }

    @Override
    public void stopping() {
        streams.stop();
    }

    private void account(Context context) {
        String account = path(context, "account", name -> Fields.account("account", name));
        if (AccountId.isClearing(account)) {
            throw Parameters.invalid(
                    "account", "must not be a clearing account, which every shard has its own of", account);
        }
        KafkaRouter router = streams.router();
        int home = router.shardOf(account);
        List<Position> from = from(context, router.shards());
        if (!from.isEmpty() && from.stream().noneMatch(position -> position.shard() == home)) {
            throw Parameters.invalid(
                    "position", "must name shard " + home + ", where the account is", Positions.text(from));
        }
        serve(context, new View.OfAccount(account), List.of(home), from);
    }

    private void asset(Context context) {
        String asset = path(context, "asset", code -> Fields.asset("asset", code));
        KafkaRouter router = streams.router();
        if (router.shards() > ASSET_SHARDS_MAX) {
            String detail = "an asset can be streamed from at most " + ASSET_SHARDS_MAX + " shards, and there are "
                    + router.shards() + ": stream its accounts";
            throw new ProblemException(Problem.of(501, "TOO_MANY_SHARDS", detail));
        }
        serve(context, new View.OfAsset(asset), EventStreams.all(router), from(context, router.shards()));
    }

    private static String path(Context context, String name, UnaryOperator<String> check) {
        String value = Parameters.of(context).path(name);
        try {
            return check.apply(value);
        } catch (MalformedException e) {
            throw Parameters.invalid(name, e.rule(), value);
        }
    }

    /** The header counts more: a browser that comes back sends it, and the address that it began with. */
    private static List<Position> from(Context context, int shards) {
        Optional<List<Position>> parameter = Positions.asked(context, text -> positions(text, shards));
        String header = context.header(LAST_EVENT_ID);
        if (header == null || header.isBlank()) {
            return parameter.orElse(List.of());
        }
        try {
            return positions(header, shards);
        } catch (MalformedException e) {
            throw Parameters.invalid(LAST_EVENT_ID, e.rule(), header);
        }
    }

    private static List<Position> positions(String text, int shards) {
        List<Position> positions = Positions.parse(text, shards);
        if (positions.stream().map(Position::shard).distinct().count() < positions.size()) {
            throw new MalformedException("position", "must name each shard once", text);
        }
        return positions;
    }

    private void serve(Context context, View view, List<Integer> shards, List<Position> from) {
        try {
            EventStream stream = streams.open(view, shards, from);
            try {
                context.header(Header.CACHE_CONTROL, "no-store").header("X-Accel-Buffering", "no");
                HttpServletResponse response = context.res();
                response.setBufferSize(BUFFER_BYTES);
                // Forgets the type before, whose charset would stick to this one, which is always UTF-8.
                response.setContentType(null);
                response.setContentType("text/event-stream");
                stream.run(response.getOutputStream());
            } finally {
                streams.close(stream);
            }
        } catch (IOException e) {
            LOG.debug("A client went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.debug("A stream was cut off");
        }
    }
}
