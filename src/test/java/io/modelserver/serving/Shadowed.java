package io.modelserver.serving;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.signal.Signal;

import static org.assertj.core.api.Assertions.assertThat;

/** Collects what is reported of shadows. */
public final class Shadowed implements ShadowListener<Signal> {

    private final BlockingQueue<ShadowAnswer<Signal>> answers = new LinkedBlockingQueue<>();

    private final BlockingQueue<Variant> dropped = new LinkedBlockingQueue<>();

    @Override
    public void shadowed(ShadowAnswer<Signal> copy) {
        answers.add(copy);
    }

    @Override
    public void dropped(Variant shadow) {
        dropped.add(shadow);
    }

    /** Waits for the next answer. */
    public ShadowAnswer<Signal> nextAnswer() throws InterruptedException {
        ShadowAnswer<Signal> answer = answers.poll(1, TimeUnit.MINUTES);
        assertThat(answer).as("an answer of a shadow").isNotNull();
        return answer;
    }

    /** Waits for the next copy that is dropped. */
    Variant nextDropped() throws InterruptedException {
        Variant variant = dropped.poll(1, TimeUnit.MINUTES);
        assertThat(variant).as("a copy that was dropped").isNotNull();
        return variant;
    }

    int answers() {
        return answers.size();
    }

    int dropped() {
        return dropped.size();
    }

}
