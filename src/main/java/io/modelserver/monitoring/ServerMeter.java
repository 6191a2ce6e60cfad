package io.modelserver.monitoring;

/** Every meter of this server, apart from Spring Boot's own. */
enum ServerMeter {

    /**
     * Requests that reached the use case, by {@code outcome}: the direction of the
     * answer, or why there is none.
     */
    PREDICTIONS("modelserver.predictions", "Predictions by outcome"),

    /** From the request having been read to the answer, answered requests only. */
    LATENCY("modelserver.prediction.latency", "Time from the end of reading a request to its answer"),

    /** Of that, reading the request's JSON and making the model's input of it. */
    DECODE_TIME("modelserver.decode.time", "Time to parse the JSON and build the model's input"),

    /** Of that, waiting for an instance. */
    QUEUE_TIME("modelserver.queue.time", "Time a request waited for an instance"),

    /** Windows that are kept. */
    WINDOWS("modelserver.windows", "Rolling windows that are kept"),

    /** Of those, windows that are not full yet. */
    WINDOWS_FILLING("modelserver.windows.filling", "Rolling windows that are not full yet"),

    /** Memory that windows take, in bytes. */
    WINDOWS_MEMORY("modelserver.windows.memory", "Bytes used by rolling windows"),

    /** Steps of new series for which there was no room. */
    WINDOWS_REFUSED("modelserver.windows.refused", "Steps of new series for which there was no room"),

    /** Windows that restarted because a gap was too long. */
    WINDOW_RESETS("modelserver.window.resets", "Windows that restarted after a gap"),

    /** Steps that came to a window which two callers seem to feed. */
    CONFLICTING_STEPS("modelserver.window.conflicting.steps", "Steps to windows that two callers seem to feed"),

    /** Steps that were older than the last one of their symbol. */
    STALE_STEPS("modelserver.window.stale.steps", "Steps older than the last one of their symbol"),

    /** Forward passes, by {@code model} and {@code version}. */
    COMPUTE_TIME("modelserver.compute.time", "Duration of a forward pass"),

    /** Requests that shared a forward pass, by {@code model} and {@code version}. */
    BATCH_SIZE("modelserver.batch.size", "Requests in a forward pass"),

    /**
     * Confidence of the models, by {@code model}, {@code version}: buckets of a tenth.
     */
    CONFIDENCE("modelserver.prediction.confidence", "Confidence of the answers"),

    /**
     * From the request having been read to the answer of an ensemble, by {@code model}
     * and {@code version}.
     */
    ENSEMBLE_LATENCY("modelserver.ensemble.latency", "Time from the end of reading a request to the ensemble's answer"),

    /**
     * Members that gave no answer to an ensemble, by {@code model}, {@code version},
     * {@code member} and {@code reason}.
     */
    MEMBER_FAILURES("modelserver.ensemble.member.failures", "Members that gave no answer to their ensemble"),

    /** Requests that wait for an instance, by {@code model} and {@code version}. */
    QUEUE_DEPTH("modelserver.queue.depth", "Requests that wait for an instance"),

    /**
     * Instances by {@code model}, {@code version} and {@code state}: busy, idle or stuck.
     */
    INSTANCES("modelserver.instances", "Instances by state"),

    /**
     * 1 for each version whose instances run, by {@code model}, {@code version} and
     * {@code state}: live or draining.
     */
    VERSIONS("modelserver.versions", "Versions whose instances run"),

    /**
     * Loadings with their trials and checks, by {@code model}, {@code version} and
     * {@code outcome}: ready or rejected.
     */
    LOAD_TIME("modelserver.load.time", "Time from the start of a loading to ready or rejected"),

    /** Changes of stages, by {@code model} and {@code action}. */
    STAGE_CHANGES("modelserver.stage.changes", "Changes of stages"),

    /**
     * By {@code model} and {@code version}: the greatest population stability index of
     * all features against training that are judged by theirs.
     */
    DRIFT_WORST("modelserver.drift.worst.psi", "Greatest population stability index of a version's features"),

    /**
     * By {@code model} and {@code version}: the greatest measure of a feature divided by
     * its limit; more than 1 has drifted.
     */
    DRIFT_DISTANCE("modelserver.drift.worst.distance",
            "Greatest distance of a version's features from training, 1 at the limit"),

    /** By {@code model} and {@code version}: from 0 to 1. */
    DRIFT_SHARE("modelserver.drift.drifted.share", "Share of a version's features that have drifted"),

    /** By {@code model} and {@code version}: from 0 to 1. */
    DRIFT_MISSING("modelserver.drift.missing.share", "Share of feature values that callers left out"),

    /** By {@code model} and {@code version}: from 0 to 1. */
    DRIFT_CONSTANT("modelserver.drift.constant.share", "Share of a version's features that never change"),

    /** Resident memory of the process, native memory of the engines included. */
    RESIDENT_MEMORY("modelserver.memory.resident", "Resident memory of the process"),

    /**
     * Requests that were assigned, by {@code experiment}, {@code variant} and
     * {@code outcome}: answered, failed over to control, or failed.
     */
    ASSIGNMENTS("modelserver.experiment.assignments", "Requests that were assigned to a variant"),

    /** Copies of requests that did not reach a shadow. */
    SHADOWS_DROPPED("modelserver.experiment.shadows.dropped", "Copies of requests that did not reach a shadow"),

    /** Entries that wait to be written to the ledger. */
    LEDGER_WAITING("modelserver.ledger.waiting", "Entries that wait to be written to the ledger"),

    /** Entries that the ledger has lost, since its buffer was full. */
    LEDGER_DROPPED("modelserver.ledger.dropped", "Entries that were dropped before they reached the ledger"),

    /** By {@code cause}: unreadable, too_early or ahead. */
    LEDGER_UNDATED("modelserver.ledger.undated", "Recorded requests whose timestamp was ignored");

    private final String meterName;

    private final String description;

    ServerMeter(String meterName, String description) {
        this.meterName = meterName;
        this.description = description;
    }

    String meterName() {
        return meterName;
    }

    String description() {
        return description;
    }

}
