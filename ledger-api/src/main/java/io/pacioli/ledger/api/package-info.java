/**
 * How the world talks to the ledger: the JSON of commands, journal, transit and outcomes, the topics and their routing, and the
 * Java client. Codecs are pure and thread safe; their JSON Schemas and the AsyncAPI document are in this module's resources.
 */
@NullMarked
package io.pacioli.ledger.api;

import org.jspecify.annotations.NullMarked;
