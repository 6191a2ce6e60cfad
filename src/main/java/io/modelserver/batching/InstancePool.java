package io.modelserver.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one version. One whose forward pass exceeds its limit is stuck: an
 * engine can't be interrupted, so its requests are answered without it and another
 * instance takes its place. No more are replaced than the version has instances, so that
 * a model that hangs on every input can't fill the machine with threads: then the version
 * has none left. A stuck instance that comes back takes up its work again if its place is
 * still empty, and ends otherwise.
 */
final class InstancePool {

    private static final Logger logger = LoggerFactory.getLogger(InstancePool.class);

    private final ModelId model;

    private final BatchingPolicy policy;

    private final BatchRunner.Factory factory;

    private final RequestQueue queue;

    private final BatchListener listener;

    private final LongSupplier nanoTime;

    private final List<InstanceWorker> workers = new ArrayList<>();

    private int started;

    private int replacementsLeft;

    private boolean stopped;

    InstancePool(ModelId model, BatchingPolicy policy, BatchRunner.Factory factory, RequestQueue queue,
            BatchListener listener, LongSupplier nanoTime) {
        this.model = model;
        this.policy = policy;
        this.factory = factory;
        this.queue = queue;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.replacementsLeft = policy.instances();
    }

    /** Returns when all instances are warm. */
    void start() throws ModelLoadException, InterruptedException {
        List<InstanceWorker> first = new ArrayList<>();
        for (int i = 0; i < policy.instances(); i++) {
            first.add(startInstance());
        }
        try {
            for (InstanceWorker worker : first) {
                worker.ready().get();
            }
        }
        catch (ExecutionException ex) {
            queue.close();
            stop(Duration.ofMinutes(1));
            throw (ex.getCause() instanceof ModelLoadException reason) ? reason
                    : new ModelLoadException("an instance could not be started", ex.getCause());
        }
        catch (InterruptedException ex) {
            queue.close();
            throw ex;
        }
    }

    private synchronized InstanceWorker startInstance() {
        InstanceWorker worker = new InstanceWorker(model, factory, queue, nanoTime, listener, this::hasPlaceFor);
        workers.add(worker);
        worker.start("instance-" + started++ + " " + model);
        return worker;
    }

    /** Marks instances whose pass exceeds its limit, and replaces them. */
    synchronized void check() {
        workers.removeIf(InstanceWorker::hasEnded);
        for (InstanceWorker worker : workers) {
            if (worker.markIfStuck(policy)) {
                logger.error(
                        "{}: a forward pass has run for more than {} ms and can't be stopped; its instance is abandoned",
                        model, policy.longestPassNanos() / 1_000_000);
            }
        }
        while (!stopped && replacementsLeft > 0 && working() < policy.instances()) {
            replacementsLeft--;
            startInstance().ready().exceptionally(this::notReplaced);
        }
        queue.setInstances(working());
    }

    private @Nullable Void notReplaced(Throwable reason) {
        logger.error("{}: an instance could not be replaced", model, reason);
        return null;
    }

    /** Asked by a stuck instance that came back. */
    private synchronized boolean hasPlaceFor(InstanceWorker returned) {
        boolean hasPlace = stopped || working() < policy.instances();
        logger.warn("{}: an abandoned forward pass has ended; its instance {}", model,
                hasPlace ? "continues" : "was replaced");
        if (hasPlace) {
            returned.resume();
            queue.setInstances(working());
        }
        else {
            replacementsLeft++;
        }
        return hasPlace;
    }

    private int working() {
        return (int) workers.stream().filter((worker) -> !worker.isStuck() && !worker.hasEnded()).count();
    }

    private int stuck() {
        return (int) workers.stream().filter(InstanceWorker::isStuck).count();
    }

    synchronized InstanceCount count() {
        return new InstanceCount(working(), (int) workers.stream().filter(InstanceWorker::isBusy).count(), stuck());
    }

    /**
     * Waits for the instances, whose queue must have been closed.
     * @return whether all have ended; stuck ones are not waited for
     */
    boolean stop(Duration patience) throws InterruptedException {
        long end = nanoTime.getAsLong() + patience.toNanos();
        boolean ended = true;
        for (InstanceWorker worker : stopping()) {
            ended &= worker.join(
                    worker.isStuck() ? Duration.ofNanos(1) : Duration.ofNanos(Math.max(1, end - nanoTime.getAsLong())));
        }
        return ended;
    }

    /** Waits for the instances, however long it takes. */
    void awaitEnd() throws InterruptedException {
        for (InstanceWorker worker : stopping()) {
            worker.join(Duration.ofSeconds(Long.MAX_VALUE));
        }
    }

    private synchronized List<InstanceWorker> stopping() {
        stopped = true;
        return List.copyOf(workers);
    }

}
