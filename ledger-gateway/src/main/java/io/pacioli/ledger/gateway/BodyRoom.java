package io.pacioli.ledger.gateway;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** How many bytes of request bodies are held at a time, from before they are read until they are answered. Thread safe. */
final class BodyRoom {
    private final int bytesMax;
    private final Semaphore free;

    /** @param bytesMax most bytes, at least as many as the largest body has */
    BodyRoom(int bytesMax) {
        this.bytesMax = bytesMax;
        free = new Semaphore(bytesMax);
    }

    /** What one request has of it. For one thread. */
    final class Share implements AutoCloseable {
        private int bytes;

        private Share(int bytes) {
            this.bytes = bytes;
        }

        /** The body has been read: what it could have been longer is given back. */
        void keep(int length) {
            free.release(Math.max(0, bytes - length));
            bytes = Math.min(bytes, length);
        }

        /** Gives it all back. */
        @Override
        public void close() {
            free.release(bytes);
            bytes = 0;
        }
    }

    /** The bytes that are held now. */
    int held() {
        return bytesMax - free.availablePermits();
    }

    /** Room for a body of so many bytes at most; null when there is none now. */
    @Nullable
    Share take(int bytes) {
        return free.tryAcquire(bytes) ? new Share(bytes) : null;
    }
}
