package io.modelserver.config;

/**
 * Has the versions in STAGING loaded once the port is open, so that they delay nobody.
 */
final class StagingStartup extends StartupStep {

    /** The web server starts in an earlier phase than the default. */
    private static final int AFTER_THE_PORT = DEFAULT_PHASE;

    private final Runnable load;

    StagingStartup(Runnable load) {
        super(AFTER_THE_PORT);
        this.load = load;
    }

    @Override
    void begin() {
        load.run();
    }

}
