package dev.rr.plugin.proxyipparser;

import java.net.InetAddress;

/**
 * A network in CIDR notation. Immutable.
 *
 * @param address the network's address, 4 or 16 bytes
 * @param bits how many leading bits count
 */
record Subnet(byte[] address, int bits) {
  private static final int V6_BITS = 128;

  /**
   * Reads {@code 10.0.0.0/8}, {@code fd00::/8} or {@code ::ffff:10.0.0.0/104}, which is the first.
   *
   * @throws IllegalArgumentException says what is wrong
   */
  static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("the length is missing, as in " + text + "/32");
    }
    String literal = text.substring(0, slash);
    byte[] address = InetAddress.ofLiteral(literal).getAddress();
    // Java takes an IPv4 address that is written as IPv6 for what it is.
    int written = literal.indexOf(':') >= 0 ? V6_BITS : address.length * 8;
    int bits;
    try {
      bits = Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the length has to be a number", e);
    }
    int mapped = written - address.length * 8;
    if (bits < mapped || bits > written) {
      throw new IllegalArgumentException("the length has to be " + mapped + " to " + written);
    }
    return new Subnet(address, bits - mapped);
  }

  /** Whether an address lies in the network. IPv4 and IPv6 never match each other. */
  boolean contains(InetAddress candidate) {
    byte[] bytes = candidate.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += 8) {
      int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
      if (((bytes[bit / 8] ^ address[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
