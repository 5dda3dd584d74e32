package dev.rr.goridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first words between server and worker, and the last. The server speaks first. */
public final class Handshake {
  private static final byte[] STOP = "{\"stop\":true}".getBytes(UTF_8);
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*\"?(\\d{1,18})");
  private static final int LONGEST = 64 * 1024;

  private Handshake() {}

  /**
   * Tells the worker our pid and asks for its own.
   *
   * @return what the worker says its pid is; positive
   */
  public static long exchange(Relay relay) throws IOException {
    String pid = "{\"pid\":" + ProcessHandle.current().pid() + "}";
    try {
      relay.send(Frame.CONTROL | Frame.JSON, 0, pid.getBytes(UTF_8));
    } catch (IOException gone) {
      // It has left before it was asked; what it printed says why, and ends with the end of file.
      relay.receive();
      throw gone;
    }
    relay.receive();
    if ((relay.flags() & Frame.CONTROL) == 0) {
      throw new IOException("unexpected response, header is missing, no CONTROL flag");
    }
    if (relay.left() > LONGEST) {
      throw new IOException("a pid reply of " + relay.left() + " bytes");
    }
    String answer = new String(relay.read((int) relay.left()), UTF_8);
    long said = pid(answer);
    if (said <= 0) {
      throw new IOException("pid should be greater than 0, the worker answered " + answer);
    }
    return said;
  }

  /** The pid in a worker's answer, 0 when there is none. */
  static long pid(String answer) {
    Matcher match = PID.matcher(answer);
    return match.find() ? Long.parseLong(match.group(1)) : 0;
  }

  /** Asks the worker to finish. */
  public static void stop(Relay relay) throws IOException {
    relay.send(Frame.CONTROL | Frame.JSON, 0, STOP);
  }

  /** Whether these are the bytes by which a worker asks to be replaced. */
  public static boolean isStop(byte[] context) {
    return Arrays.equals(context, STOP);
  }
}
