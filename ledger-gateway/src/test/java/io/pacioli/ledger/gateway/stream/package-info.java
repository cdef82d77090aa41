/** Tests of the streams: the parts alone, and the whole with a real journal, a real server and real sockets. */
@NullMarked
package io.pacioli.ledger.gateway.stream;

import org.jspecify.annotations.NullMarked;
