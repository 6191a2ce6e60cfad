package io.modelserver.registry.load;

/** Which versions are first tried in a process of their own. */
public enum TrialPolicy {

    /** Only those that were being loaded when the server died. */
    OFF,

    /** All. */
    CHILD

}
