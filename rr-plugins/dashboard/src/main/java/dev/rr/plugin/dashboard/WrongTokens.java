package dev.rr.plugin.dashboard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who has given wrong tokens so often that they have to wait. Networks of IPv6 count as one
 * address, since a machine has as many in its own as it likes. Any thread.
 */
final class WrongTokens {
  /** Wrong tokens that one address may give within the time. */
  static final int FREE = 10;

  /** For which they count. */
  static final Duration TIME = Duration.ofMinutes(1);

  /** Addresses that are remembered; beyond them the oldest is forgotten. */
  static final int ADDRESSES = 1_000;

  /** Bytes that name the network of an IPv6 address. */
  private static final int NETWORK = 8;

  private record Count(long since, int wrong) {}

  private final LongSupplier clock;
  private final Map<String, Count> counts = new LinkedHashMap<>();

  /** None yet; the clock tells nanoseconds. */
  WrongTokens(LongSupplier clock) {
    this.clock = clock;
  }

  /** A wrong token came from an address. */
  synchronized void add(String address) {
    String network = network(address);
    Count before = current(network);
    counts.remove(network);
    counts.put(network, new Count(before.since(), before.wrong() + 1));
    if (counts.size() > ADDRESSES) {
      counts.remove(counts.keySet().iterator().next());
    }
  }

  /** Whether an address has to wait before its next token is looked at, right or wrong. */
  synchronized boolean hasToWait(String address) {
    return current(network(address)).wrong() >= FREE;
  }

  private Count current(String network) {
    long now = clock.getAsLong();
    Count count = counts.get(network);
    return count == null || now - count.since() >= TIME.toNanos() ? new Count(now, 0) : count;
  }

  private static String network(String address) {
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length > NETWORK
          ? HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK))
          : address;
    } catch (IllegalArgumentException noAddress) {
      return address;
    }
  }
}
