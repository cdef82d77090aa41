/** Tests of codecs, schemas, topics and the client. Golden files pin every message byte for byte: an old one is never edited. */
@NullMarked
package io.pacioli.ledger.api;

import org.jspecify.annotations.NullMarked;
