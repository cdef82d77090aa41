/** Tests of what services share, against a real server on a free port. */
@NullMarked
package io.pacioli.ledger.service;

import org.jspecify.annotations.NullMarked;
