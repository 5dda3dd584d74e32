package dev.rr.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as text. Any thread. */
public final class Addresses {
  private Addresses() {}

  /** The address without port and zone (RFC 5952); empty for a unix socket. */
  public static String text(SocketAddress peer) {
    InetAddress address = peer instanceof InetSocketAddress inet ? inet.getAddress() : null;
    if (address == null) {
      return "";
    }
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? v4(bytes) : v6(bytes);
  }

  private static String v4(byte[] bytes) {
    return (bytes[0] & 255)
        + "."
        + (bytes[1] & 255)
        + "."
        + (bytes[2] & 255)
        + "."
        + (bytes[3] & 255);
  }

  private static String v6(byte[] bytes) {
    int zeros = longestZeros(bytes);
    int end = zeros + zerosAt(bytes, zeros);
    StringBuilder out = new StringBuilder(39);
    for (int group = 0; group < 8; group++) {
      if (group == zeros && end - zeros > 1) {
        out.append("::");
        group = end - 1;
        continue;
      }
      if (group > 0 && out.charAt(out.length() - 1) != ':') {
        out.append(':');
      }
      out.append(Integer.toHexString(group(bytes, group)));
    }
    return out.toString();
  }

  private static int group(byte[] bytes, int index) {
    return (bytes[2 * index] & 255) << 8 | bytes[2 * index + 1] & 255;
  }

  /** Where the first of the longest runs of zero groups begins. */
  private static int longestZeros(byte[] bytes) {
    int best = 0;
    for (int group = 1; group < 8; group++) {
      best = zerosAt(bytes, group) > zerosAt(bytes, best) ? group : best;
    }
    return best;
  }

  private static int zerosAt(byte[] bytes, int from) {
    int group = from;
    while (group < 8 && group(bytes, group) == 0) {
      group++;
    }
    return group - from;
  }
}
