package io.pacioli.ledger.recovery;

/** Hears how far an import has got. Called often: implementations must be quick. */
@FunctionalInterface
public interface ImportProgress {
    /** Hears nothing. */
    ImportProgress NONE = (step, done, total) -> {};

    /** What is done, in this order. */
    enum Step {
        /** The files are held against the manifest; counted in bytes. */
        VERIFYING("Verifying", "bytes"),
        /** All is decided again for another number of shards; counted in offsets of the journal. */
        RESHARDING("Deciding again", "offsets"),
        /** The records are written; counted in offsets. */
        RESTORING("Restoring", "offsets"),
        /** The state of the processors is made from the journal; counted in entries. */
        REBUILDING("Rebuilding state", "entries"),
        /** What was imported is audited; counted in offsets of the journal. */
        AUDITING("Auditing", "offsets");

        private final String title;
        private final String unit;

        Step(String title, String unit) {
            this.title = title;
            this.unit = unit;
        }

        /** A word or two for people. */
        public String title() {
            return title;
        }

        /** What is counted. */
        public String unit() {
            return unit;
        }
    }

    /** Some more of a step is done. */
    void advanced(Step step, long done, long total);
}
