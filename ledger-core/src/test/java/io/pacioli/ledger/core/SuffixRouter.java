package io.pacioli.ledger.core;

/** Places a key on the shard that its last digit names, and on shard 0 when it ends with none: {@code bob1} is on shard 1. */
record SuffixRouter(int shards) implements Router {
    @Override
    public int shardOfKey(String routingKey) {
        int digit = routingKey.charAt(routingKey.length() - 1) - '0';
        return digit >= 0 && digit <= 9 ? digit % shards : 0;
    }
}
