package io.modelserver.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever arrives, the server answers with what is the caller's fault, or closes the
 * connection. As many requests as {@code -Dfuzz.requests} says, from {@code -Dfuzz.seed};
 * {@code -Pfuzz} sends 200,000.
 */
@ExtendWith(ImpatientServer.BetweenRequestsToo.class)
class FuzzIT extends FaultTest {

    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 3000);

    private static final long SEED = Long.getLong("fuzz.seed", 1);

    /** Few enough that none is refused for want of room. */
    private static final int AT_A_TIME = 8;

    /** Of those that are left open, whose end only the server's deadlines bring. */
    private static final int LEFT_OPEN_AT_A_TIME = 24;

    private static final int ONE_IN = 50;

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Pattern STATUS = Pattern.compile("(?<![^\n}>])HTTP/1\\.1 (\\d{3})");

    /**
     * To CONNECT and to a transfer coding or a version of HTTP that is not known (RFC
     * 9110, 15.6; RFC 9112, 6.1). They are counted, and are no failures of the server.
     */
    private static final Set<String> OF_HTTP_ITSELF = Set.of("501", "505");

    private final Map<String, Integer> statuses = new ConcurrentSkipListMap<>();

    private final Queue<String> serverErrors = new ConcurrentLinkedQueue<>();

    private final Queue<Integer> leftOpen = new ConcurrentLinkedQueue<>();

    @Test
    void noRequestIsAnsweredWithAServerErrorOrLeftWithoutAnEnd(PackagedServer server) throws Exception {
        IntFunction<byte[]> requests = requests(SEED);
        Semaphore places = new Semaphore(AT_A_TIME);
        Semaphore placesLeftOpen = new Semaphore(LEFT_OPEN_AT_A_TIME);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < REQUESTS; number++) {
                int request = number;
                boolean open = request % ONE_IN == 0;
                Semaphore place = open ? placesLeftOpen : places;
                place.acquire();
                callers.execute(() -> {
                    try {
                        exchange(request, requests.apply(request), open);
                    }
                    finally {
                        place.release();
                    }
                });
            }
        }
        System.out.printf("fuzz: seed %d, %d requests, answers %s, 5xx %d, left open %d%n", SEED, REQUESTS, statuses,
                serverErrors.size(), leftOpen.size());
        assertThat(serverErrors.stream().limit(5)).as(() -> "the first of them; the log: " + errors(server.output()))
            .isEmpty();
        assertThat(leftOpen).as("numbers of requests").isEmpty();
        assertThat(statuses.keySet()).containsAll(expected());
        assertThat(server.output()).doesNotContain(" ERROR ");
    }

    IntFunction<byte[]> requests(long seed) {
        return new FuzzedRequests(seed, sample)::get;
    }

    /** Answers that must be among those that come. */
    List<String> expected() {
        return List.of("200", "400", "404", "422");
    }

    private static String errors(String log) {
        int first = log.indexOf(" ERROR ");
        return log.substring(Math.max(0, first), Math.min(log.length(), Math.max(0, first) + 4_000));
    }

    private void exchange(int number, byte[] request, boolean leaveOpen) {
        long end = System.nanoTime() + LONGEST.toNanos();
        StringBuilder answers = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            if (!leaveOpen) {
                socket.shutdownOutput();
            }
            byte[] buffer = new byte[8192];
            for (int some = 0; some >= 0;) {
                answers.append(new String(buffer, 0, some, StandardCharsets.ISO_8859_1));
                socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
                some = socket.getInputStream().read(buffer);
            }
        }
        catch (SocketTimeoutException ex) {
            leftOpen.add(number);
        }
        catch (IOException ex) {
            // A reset is an end too.
            statuses.merge("reset", 1, Integer::sum);
        }
        count(number, answers.toString());
    }

    private void count(int number, String answers) {
        Matcher status = STATUS.matcher(answers);
        while (status.find()) {
            statuses.merge(status.group(1), 1, Integer::sum);
            if (status.group(1).startsWith("5") && !OF_HTTP_ITSELF.contains(status.group(1))) {
                serverErrors.add("request %d of seed %d: %s".formatted(number, SEED,
                        answers.substring(status.start(), Math.min(answers.length(), status.start() + 600))));
            }
        }
    }

}
