package io.modelserver.contract;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * Ask over connections that they keep, one request after the other, until there is no
 * server any more.
 */
final class Bots {

    private final int port;

    private final String request;

    private final List<Thread> threads;

    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private final Queue<Long> unanswered = new ConcurrentLinkedQueue<>();

    private final CountDownLatch answers = new CountDownLatch(1);

    private volatile int awaited;

    Bots(PackagedServer server, String body, int count) {
        this.port = server.port();
        this.request = "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
        this.awaited = Integer.MAX_VALUE;
        this.threads = IntStream.range(0, count).mapToObj((i) -> Thread.ofVirtual().start(this::ask)).toList();
    }

    private void ask() {
        while (true) {
            try (RawConnection connection = new RawConnection(port)) {
                askOn(connection);
            }
            catch (IOException refused) {
                return;
            }
        }
    }

    private void askOn(RawConnection connection) {
        long sent = Long.MAX_VALUE;
        try {
            for (boolean open = true; open;) {
                sent = Long.MAX_VALUE;
                connection.send(request);
                connection.flush();
                sent = System.nanoTime();
                Answer answer = connection.answer();
                statuses.add(answer.status());
                if (statuses.size() >= awaited) {
                    answers.countDown();
                }
                open = !answer.header("Connection").equals("close");
            }
        }
        catch (IOException cutOff) {
            unanswered.add(sent);
        }
    }

    void awaitAnswers(int count) throws InterruptedException {
        awaited = count;
        answers.await();
    }

    /** Waits until the server takes no more. */
    long sentBeforeAndNotAnswered(long nanoTime) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        return unanswered.stream().filter((sent) -> sent != Long.MAX_VALUE && sent - nanoTime < 0).count();
    }

    Set<Integer> statuses() {
        return new TreeSet<>(statuses);
    }

}
