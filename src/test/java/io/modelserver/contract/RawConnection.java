package io.modelserver.contract;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Sends what no HTTP client would. */
final class RawConnection implements AutoCloseable {

    private static final int LONGEST_ANSWER_MILLIS = 600_000;

    private final Socket socket;

    private final InputStream in;

    private final OutputStream out;

    RawConnection(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.socket.setSoTimeout(LONGEST_ANSWER_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
    }

    /** Sends a request after whose answer the server must close the connection. */
    static Answer exchange(int port, String request) {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send(request);
            Answer answer = connection.answer();
            assertThat(connection.in.read()).as("the end of the connection after " + answer.body()).isNegative();
            return answer;
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    void send(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void flush() throws IOException {
        out.flush();
    }

    Answer answer() throws IOException {
        out.flush();
        String statusLine = line();
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.computeIfAbsent(header.substring(0, colon), (name) -> new ArrayList<>())
                .add(header.substring(colon + 1).strip());
        }
        Answer head = new Answer(URI.create("http://127.0.0.1/"), Integer.parseInt(statusLine.substring(9, 12)),
                headers, "");
        byte[] body = head.header("Transfer-Encoding").equals("chunked") ? chunks()
                : head.header("Content-Length").isEmpty() ? in.readAllBytes()
                        : in.readNBytes(Integer.parseInt(head.header("Content-Length")));
        return new Answer(head.uri(), head.status(), headers, new String(body, StandardCharsets.UTF_8));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(line(), 16);
            body.writeBytes(in.readNBytes(size));
            line();
        }
        while (size > 0);
        return body.toByteArray();
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended after '%s'".formatted(line));
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

}
