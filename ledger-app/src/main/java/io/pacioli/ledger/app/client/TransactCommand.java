package io.pacioli.ledger.app.client;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.core.Leg;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger transact}. */
@Command(
        name = "transact",
        description = {
            "Move money along several legs, all of them or none: exchanges, split payments, delivery versus payment.",
            "Such as: ledger transact --leg alice bob 10 GOLD --leg bob alice 12 EUR"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class TransactCommand implements Callable<Integer> {
    private static final int LEG_PARTS = 4;

    @Mixin
    private SubmitOptions options;

    @Option(
            names = "--leg",
            required = true,
            arity = "4",
            paramLabel = "FROM TO AMOUNT ASSET",
            hideParamSyntax = true,
            description = "One movement, in their order; 1 to 100 of them. A leg may spend what an earlier one brings.")
    private List<String> legs;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description =
                    "When to give up if the shards have not agreed, such as 2026-11-24T18:00:00Z, or 10s from now."
                            + " Default: 30s")
    private @Nullable String deadline;

    @Option(
            names = "--memo",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A note that stays with the transaction.")
    private String memo;

    /** For picocli. */
    public TransactCommand() {}

    @Override
    public Integer call() {
        if (legs.size() % LEG_PARTS != 0) {
            throw new CommandFailure("a leg must have four parts, such as --leg alice bob 10 GOLD");
        }
        try (ApiClient api = options.client().connect()) {
            Map<String, AssetView> assets = new HashMap<>();
            List<Leg> movements = new ArrayList<>();
            for (int i = 0; i < legs.size(); i += LEG_PARTS) {
                AssetView asset = assets.computeIfAbsent(legs.get(i + 3), code -> AssetView.of(api, code));
                movements.add(new Leg(asset.code(), legs.get(i), legs.get(i + 1), asset.parse(legs.get(i + 2))));
            }
            var command = new io.pacioli.ledger.core.Command.Transact(
                    options.id(), movements, Moment.parse(deadline), memo, options.metadata());
            String summary = movements.size() + (movements.size() == 1 ? " leg made" : " legs made, all of them");
            return options.submit(api, command, summary, null);
        }
    }
}
