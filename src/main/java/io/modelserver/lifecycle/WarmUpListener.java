package io.modelserver.lifecycle;

/**
 * Notified when the server has warmed up: the requests that follow are those of others.
 */
@FunctionalInterface
public interface WarmUpListener {

    /** The last request of the warm-up has been answered, or there was none. */
    void warmedUp();

}
