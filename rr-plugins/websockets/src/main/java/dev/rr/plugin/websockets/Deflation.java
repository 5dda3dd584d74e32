package dev.rr.plugin.websockets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Packs and unpacks messages by themselves (RFC 7692), so that no connection holds a window: a
 * message for a thousand clients is packed once, and a connection takes no memory for it. The
 * windows, of about 300 KB and 40 KB, are lent; as many are kept as there are processors. Any
 * thread.
 */
final class Deflation implements AutoCloseable {
  /** What ends a packed message and is not sent. */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private static final int STEP = 8192; // bytes

  private final int kept = Runtime.getRuntime().availableProcessors();
  private final BlockingQueue<Deflater> deflaters = new LinkedBlockingQueue<>(kept);
  private final BlockingQueue<Inflater> inflaters = new LinkedBlockingQueue<>(kept);

  /**
   * What is answered to the client's offer; empty when it offers nothing that can be kept: a window
   * smaller than the library's.
   */
  static String accept(List<String> extensions) {
    for (String line : extensions) {
      for (String offer : line.split(",")) {
        if (isPossible(offer)) {
          return "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
              + (offer.contains("server_max_window_bits") ? "; server_max_window_bits=15" : "");
        }
      }
    }
    return "";
  }

  private static boolean isPossible(String offer) {
    List<String> parts = new ArrayList<>();
    for (String part : offer.split(";", -1)) {
      parts.add(part.strip().replace(" ", "").replace("\"", ""));
    }
    return parts.removeFirst().equals("permessage-deflate")
        && parts.stream().map(part -> part.split("=", 2)[0]).distinct().count() == parts.size()
        && parts.stream().allMatch(Deflation::isKnown);
  }

  private static boolean isKnown(String parameter) {
    return parameter.equals("server_no_context_takeover")
        || parameter.equals("client_no_context_takeover")
        || parameter.equals("client_max_window_bits")
        || parameter.matches("client_max_window_bits=([89]|1[0-5])")
        || parameter.equals("server_max_window_bits=15");
  }

  /** Packs a message. */
  byte[] pack(byte[] message) {
    Deflater free = deflaters.poll();
    Deflater deflater = free == null ? new Deflater(Deflater.BEST_SPEED, true) : free;
    try {
      deflater.setInput(message);
      byte[] out = new byte[Math.max(64, message.length / 2)];
      int length = 0;
      while (true) {
        int count = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
        length += count;
        if (length < out.length) {
          return Arrays.copyOf(out, length - TAIL.length);
        }
        out = Arrays.copyOf(out, out.length * 2);
      }
    } finally {
      deflater.reset();
      if (!deflaters.offer(deflater)) {
        deflater.end();
      }
    }
  }

  /**
   * Unpacks a message.
   *
   * @param limit the most bytes that it may have
   */
  byte[] unpack(byte[] packed, int limit) throws ProtocolFault {
    Inflater free = inflaters.poll();
    Inflater inflater = free == null ? new Inflater(true) : free;
    try {
      inflater.setInput(packed);
      byte[] begun = unpack(inflater, new byte[0], limit);
      inflater.setInput(TAIL);
      return unpack(inflater, begun, limit);
    } catch (DataFormatException e) {
      throw new ProtocolFault(Frames.INVALID_PAYLOAD, "a message is not packed as it says");
    } finally {
      inflater.reset();
      if (!inflaters.offer(inflater)) {
        inflater.end();
      }
    }
  }

  private static byte[] unpack(Inflater from, byte[] before, int limit)
      throws DataFormatException, ProtocolFault {
    byte[] out = before;
    int length = before.length;
    while (true) {
      if (length == out.length) {
        if (length > limit) {
          throw new ProtocolFault(Frames.TOO_BIG, "a message has more than " + limit + " bytes");
        }
        // One more than is allowed, to see that it is too much.
        out = Arrays.copyOf(out, Math.min(limit + 1, Math.max(STEP, length * 2)));
      }
      int count = from.inflate(out, length, out.length - length);
      length += count;
      if (length > limit) {
        throw new ProtocolFault(Frames.TOO_BIG, "a message has more than " + limit + " bytes");
      }
      if (count == 0) {
        return Arrays.copyOf(out, length);
      }
    }
  }

  @Override
  public void close() {
    for (Deflater each = deflaters.poll(); each != null; each = deflaters.poll()) {
      each.end();
    }
    for (Inflater each = inflaters.poll(); each != null; each = inflaters.poll()) {
      each.end();
    }
  }
}
