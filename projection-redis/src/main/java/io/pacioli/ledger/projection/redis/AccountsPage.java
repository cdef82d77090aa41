package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.util.List;
import java.util.Map;

/**
 * A part of a shard's accounts, system accounts included, with what each has of every asset that it has any of.
 *
 * @param position what the page is true for; another page may be true for a later one
 * @param accounts by id, in no order
 */
public record AccountsPage(Position position, Map<String, List<Holding>> accounts) {}
