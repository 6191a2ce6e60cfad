package io.modelserver.front.http;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Constants;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's HTTP/1.1 with a deadline for the whole of a request's head. Tomcat's own
 * timeout restarts with every byte, so that a client which drips would hold its
 * connection for ever.
 */
public final class HeadDeadlineProtocol extends Http11NioProtocol {

    private Duration headDeadline = Duration.ofSeconds(20);

    private @Nullable ScheduledFuture<?> looking;

    /**
     * Called by Tomcat, by the name of the class; the deadline is 20 s until it is set.
     */
    public HeadDeadlineProtocol() {
    }

    /**
     * Sets the deadline; before the start.
     * @param headDeadline from the first byte of a request to the end of its headers;
     * checked a few times in that period
     */
    public void setHeadDeadline(Duration headDeadline) {
        this.headDeadline = headDeadline;
    }

    @Override
    public void start() throws Exception {
        super.start();
        long often = Math.max(1, headDeadline.toMillis() / 4);
        looking = getUtilityExecutor().scheduleWithFixedDelay(this::cut, often, often, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (looking != null) {
            looking.cancel(false);
        }
        super.stop();
    }

    private void cut() {
        for (SocketWrapperBase<NioChannel> connection : getEndpoint().getConnections()) {
            if (connection.getCurrentProcessor() instanceof AbstractProcessor processor
                    && isLate(processor.getRequest())) {
                getLog().debug("a request's head did not arrive in time");
                connection.close();
            }
        }
    }

    /**
     * A head is begun and nothing is done with it yet; between two of its bytes Tomcat
     * calls that ended. No request is served in the background, which would look the
     * same.
     */
    private boolean isLate(Request request) {
        int stage = request.getRequestProcessor().getStage();
        return (stage == Constants.STAGE_PARSE || stage == Constants.STAGE_ENDED) && request.getStartTimeNanos() >= 0
                && System.nanoTime() - request.getStartTimeNanos() > headDeadline.toNanos();
    }

}
