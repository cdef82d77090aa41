/**
 * Redis as it is run in production, on the loopback interface: clusters, masters with replicas behind Sentinel, passwords and TLS.
 * Every node is a real server that can be killed, stopped for a while and started again, with its data, without, or with older ones.
 */
@NullMarked
package io.pacioli.ledger.testkit.redis;

import org.jspecify.annotations.NullMarked;
