package com.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The server's end of TCP connections, as the kernel lists them. */
final class ServerSockets {
  private static final String LISTENS = "0A";

  private ServerSockets() {}

  /** How many connections to these ports the server has not closed. */
  static long connected(int... ports) {
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(ServerSockets::lines)
        .map(line -> line.strip().split(" +"))
        .filter(socket -> IntStream.of(ports).anyMatch(port -> isOpen(socket, port)))
        .count();
  }

  /** Fields: number, local, remote, state, queues, timer, retransmissions, user, timeout, inode. */
  private static boolean isOpen(String[] socket, int port) {
    return socket[1].endsWith(":%04X".formatted(port))
        && !socket[3].equals(LISTENS)
        && !socket[9].equals("0");
  }

  private static Stream<String> lines(String file) {
    try {
      return Path.of(file).toFile().canRead()
          ? Files.readAllLines(Path.of(file)).stream()
          : Stream.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
