package dev.rr.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd about the server's state by datagrams to the socket that {@code NOTIFY_SOCKET}
 * names. Java has no datagrams on unix sockets, so this calls the C library. One thread.
 */
public final class SystemdNotifier {
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int MSG_NOSIGNAL_DONTWAIT = 0x4000 | 0x40;
  private static final int PATH_BYTES = 108;

  private final @Nullable String socket;
  private final Duration watchdog;

  /** Notifies nobody when {@code NOTIFY_SOCKET} is not set. */
  public SystemdNotifier(Map<String, String> environment) {
    String name = environment.get("NOTIFY_SOCKET");
    this.socket = name == null || name.isEmpty() ? null : name;
    this.watchdog = watchdog(environment);
  }

  /** Half of what the unit's {@code WatchdogSec} allows between two signs of life. */
  private static Duration watchdog(Map<String, String> environment) {
    String self = Long.toString(ProcessHandle.current().pid());
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    boolean ours = environment.getOrDefault("WATCHDOG_PID", self).equals(self);
    return ours && micros.matches("[0-9]{1,15}")
        ? Duration.of(Long.parseLong(micros) / 2, ChronoUnit.MICROS)
        : Duration.ZERO;
  }

  /** How often systemd waits for {@code WATCHDOG=1}; zero when it does not. */
  public Duration watchdog() {
    return watchdog;
  }

  /** Whether somebody listens. */
  public boolean enabled() {
    return socket != null;
  }

  /**
   * Sends a state such as {@code READY=1}; does nothing when nobody listens.
   *
   * @throws IOException when it cannot be delivered at once
   */
  public void send(String state) throws IOException {
    if (socket != null) {
      byte[] name = socket.getBytes(StandardCharsets.UTF_8);
      if (name.length >= PATH_BYTES || (name[0] != '/' && name[0] != '@')) {
        throw new IOException("NOTIFY_SOCKET is not the path of a unix socket: " + socket);
      }
      if (name[0] == '@') {
        name[0] = 0;
      }
      send(socket, name, state.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void send(String shown, byte[] name, byte[] state) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(2L + PATH_BYTES);
      address.set(
          ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.nativeOrder()), 0, (short) AF_UNIX);
      MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
      // An abstract name has no terminator; a path has one, which the zeroed memory already holds.
      int length = 2 + name.length + (name[0] == 0 ? 0 : 1);
      int sent = datagram(arena.allocateFrom(ValueLayout.JAVA_BYTE, state), address, length);
      if (sent != state.length) {
        throw new IOException("nobody takes datagrams at " + shown);
      }
    }
  }

  private static int datagram(MemorySegment data, MemorySegment address, int addressLength)
      throws IOException {
    var i = ValueLayout.JAVA_INT;
    var l = ValueLayout.JAVA_LONG;
    var p = ValueLayout.ADDRESS;
    try {
      MethodHandle socket = Libc.function("socket", i, i, i, i);
      MethodHandle sendto = Libc.function("sendto", l, i, p, l, i, p, i);
      MethodHandle close = Libc.function("close", i, i);
      int fd = (int) socket.invokeExact(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
      if (fd < 0) {
        throw new IOException("no socket can be opened");
      }
      long sent =
          (long)
              sendto.invokeExact(
                  fd, data, data.byteSize(), MSG_NOSIGNAL_DONTWAIT, address, addressLength);
      int closed = (int) close.invokeExact(fd);
      return closed < 0 ? -1 : (int) sent;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw Libc.unexpected("sendto", e);
    }
  }
}
