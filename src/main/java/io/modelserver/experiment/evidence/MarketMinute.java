package io.modelserver.experiment.evidence;

import org.jspecify.annotations.Nullable;

/**
 * Takes out of paired returns what the market did: from every return the mean return of
 * all requests of the same minute is subtracted. A minute with a single request has no
 * market, and is left out. Requests that come in the order of their times are added up
 * minute by minute; of a minute that comes back the parts are hedged each by itself.
 */
final class MarketMinute {

    private static final long MINUTE_MILLIS = 60_000;

    private final Listener closed;

    private @Nullable Long minute;

    private long signals;

    private double returns;

    private double costs;

    private double controlCosts;

    private double control;

    private double controlReturns;

    private double difference;

    private double differenceReturns;

    private double squares;

    private double squareReturns;

    private double squareSquares;

    MarketMinute(Listener closed) {
        this.closed = closed;
    }

    /**
     * Adds a request.
     * @param eventMillis its time
     * @param actualReturn what the price did
     * @param ofControl the stake of control: 1, 0 or −1
     * @param ofShadow that of the shadow
     * @param controlCost what control's signal cost
     * @param shadowCost what the shadow's would have cost
     */
    void add(long eventMillis, double actualReturn, int ofControl, int ofShadow, double controlCost,
            double shadowCost) {
        long now = Math.floorDiv(eventMillis, MINUTE_MILLIS);
        if (minute == null || minute != now) {
            close();
            minute = now;
        }
        int stake = ofShadow - ofControl;
        signals++;
        returns += actualReturn;
        costs += shadowCost - controlCost;
        controlCosts += controlCost;
        control += ofControl;
        controlReturns += ofControl * actualReturn;
        difference += stake;
        differenceReturns += stake * actualReturn;
        squares += stake * stake;
        squareReturns += stake * stake * actualReturn;
        squareSquares += stake * stake * actualReturn * actualReturn;
    }

    /** Passes on the minute that is being added up. */
    void close() {
        Long ended = minute;
        if (ended != null && signals > 1) {
            double market = returns / signals;
            closed.minute(ended * MINUTE_MILLIS,
                    new Sums(signals, differenceReturns - market * difference - costs,
                            Math.max(0, squareSquares - 2 * market * squareReturns + market * market * squares),
                            controlReturns - market * control - controlCosts));
        }
        minute = null;
        signals = 0;
        returns = 0;
        costs = 0;
        controlCosts = 0;
        control = 0;
        controlReturns = 0;
        difference = 0;
        differenceReturns = 0;
        squares = 0;
        squareReturns = 0;
        squareSquares = 0;
    }

    /** Notified of each minute. */
    @FunctionalInterface
    interface Listener {

        void minute(long eventMillis, Sums sums);

    }

    /**
     * Sums over the requests of a minute.
     *
     * @param signals how many there were
     * @param difference of what the shadow earned less what control earned, hedged, after
     * costs
     * @param squares of the same, before costs
     * @param control what control earned, hedged, after costs
     */
    record Sums(long signals, double difference, double squares, double control) {
    }

}
