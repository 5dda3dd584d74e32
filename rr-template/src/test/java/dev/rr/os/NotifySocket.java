package dev.rr.os;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The socket on which systemd listens, served by PHP, as Java has no datagrams on unix sockets. */
public final class NotifySocket implements AutoCloseable {
  private static final String LISTENER =
      "$s = stream_socket_server('udg://'.$argv[1], $e, $t, STREAM_SERVER_BIND); echo \"ready\\n\";"
          + " while (true) echo stream_socket_recvfrom($s, 1000), \"\\n\";";

  private final Path path;
  private final Process php;
  private final BufferedReader datagrams;

  /** Listens in a folder. */
  public NotifySocket(Path folder) throws IOException {
    this.path = folder.resolve("notify");
    this.php =
        new ProcessBuilder("php", "-r", LISTENER, "--", path.toString())
            .redirectErrorStream(true)
            .start();
    this.datagrams = php.inputReader();
    if (!next().equals("ready")) {
      throw new IOException("PHP does not listen on " + path);
    }
  }

  /** The variable that tells a process of it. */
  public Map<String, String> environment() {
    return Map.of("NOTIFY_SOCKET", path.toString());
  }

  /** Waits for the next datagram. */
  public String next() throws IOException {
    String line = datagrams.readLine();
    return line == null ? "nothing" : line;
  }

  @Override
  public void close() {
    php.destroyForcibly();
  }
}
