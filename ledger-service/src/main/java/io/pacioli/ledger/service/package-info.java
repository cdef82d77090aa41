/**
 * What every service process shares: the HTTP server with its problem details, health, metrics and parameters; the gate that makes
 * queries wait for a position; settings from the environment; and the life cycle of a service.
 *
 * <p>A service contributes {@link io.pacioli.ledger.service.HttpModule}s rather than owning a server, so that one process can run
 * any number of services behind one port.
 */
@NullMarked
package io.pacioli.ledger.service;

import org.jspecify.annotations.NullMarked;
