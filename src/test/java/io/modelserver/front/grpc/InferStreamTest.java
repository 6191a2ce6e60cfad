package io.modelserver.front.grpc;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.modelserver.contract.Eventually;
import io.modelserver.registry.load.ModelLease;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(300)
class InferStreamTest {

    @TempDir
    Path temp;

    private final Answers answers = new Answers();

    private DoorRig door;

    private StreamObserver<ModelInferRequest> stream;

    @BeforeEach
    void open() throws Exception {
        door = new DoorRig(temp);
        stream = door.asyncCaller().modelStreamInfer(answers);
    }

    @AfterEach
    void nobodyHoldsAVersion() throws Exception {
        door.close();
    }

    @Test
    void eachRequestIsAnsweredInItsTurnAndTheStreamEndsWithItsCaller() throws Exception {
        for (int i = 0; i < 20; i++) {
            stream.onNext(DoorRig.request(i, 0).setId("r" + i).build());
        }
        stream.onCompleted();

        for (int i = 0; i < 20; i++) {
            ModelStreamInferResponse answer = answers.next();
            assertThat(answer.getErrorMessage()).isEmpty();
            assertThat(answer.getInferResponse().getId()).isEqualTo("r" + i);
            assertThat(answer.getInferResponse().getRawOutputContentsCount()).isPositive();
        }
        assertThat(answers.ended()).isEqualTo(Status.Code.OK);
    }

    @Test
    void whatCanNotBeAnsweredGetsItsErrorAndTheStreamGoesOn() throws Exception {
        stream.onNext(DoorRig.request(1, 0).setModelName("nobody").setId("bad").build());
        stream.onNext(DoorRig.request(1, 0).setId("good").build());

        ModelStreamInferResponse bad = answers.next();
        assertThat(bad.getErrorMessage()).contains("nobody");
        assertThat(bad.getInferResponse().getId()).isEqualTo("bad");
        assertThat(answers.next().getInferResponse().getId()).isEqualTo("good");
        stream.onCompleted();
        assertThat(answers.ended()).isEqualTo(Status.Code.OK);
    }

    @Test
    void aServerThatStopsAnswersWhatItHasReadAndEndsTheStream() throws Exception {
        door.models.passes("1").holdNext();
        stream.onNext(DoorRig.request(1, 0).setId("last").build());
        door.models.passes("1").awaitHeld();

        door.streams.end();
        door.models.passes("1").release();

        assertThat(answers.next().getInferResponse().getId()).isEqualTo("last");
        assertThat(answers.ended()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aServerThatStopsEndsStreamsThatAreIdleOrCome() throws Exception {
        stream.onNext(DoorRig.request(1, 0).build());
        answers.next();
        door.streams.end();
        assertThat(answers.ended()).isEqualTo(Status.Code.UNAVAILABLE);

        Answers late = new Answers();
        door.asyncCaller().modelStreamInfer(late);
        assertThat(late.ended()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aStreamWhoseCallerHasGoneIsNotComputedOn() throws Exception {
        door.models.passes("1").holdNext();
        stream.onNext(DoorRig.request(1, 0).build());
        door.models.passes("1").awaitHeld();
        Answers other = new Answers();
        StreamObserver<ModelInferRequest> second = door.asyncCaller().modelStreamInfer(other);
        second.onNext(DoorRig.request(2, 0).build());
        try (ModelLease lease = door.models.lease("1")) {
            Eventually.isSo(() -> lease.batcher().queued() == 1);
        }

        second.onError(Status.CANCELLED.asException());
        door.awaitEnded();
        door.models.passes("1").release();
        answers.next();

        assertThat(door.models.passes("1").firstNumbers()).containsExactly(1f);
    }

    private static final class Answers implements StreamObserver<ModelStreamInferResponse> {

        private final BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();

        private final CompletableFuture<Status.Code> end = new CompletableFuture<>();

        ModelStreamInferResponse next() throws InterruptedException {
            ModelStreamInferResponse answer = answers.poll(2, TimeUnit.MINUTES);
            assertThat(answer).isNotNull();
            return answer;
        }

        Status.Code ended() throws Exception {
            return end.get(2, TimeUnit.MINUTES);
        }

        @Override
        public void onNext(ModelStreamInferResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            end.complete(Status.Code.OK);
        }

    }

}
