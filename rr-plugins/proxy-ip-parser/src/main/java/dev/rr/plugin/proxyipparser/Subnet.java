package dev.rr.plugin.proxyipparser;

import java.net.InetAddress;

/**
 * A network in CIDR notation. Immutable.
 *
 * @param address the network's address, 4 or 16 bytes
 * @param bits how many leading bits count
 */
record Subnet(byte[] address, int bits) {

  /**
   * Reads {@code 10.0.0.0/8} or {@code fd00::/8}.
   *
   * @throws IllegalArgumentException says what is wrong
   */
  static Subnet parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("the length is missing, as in " + text + "/32");
    }
    byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
    int bits;
    try {
      bits = Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the length has to be a number", e);
    }
    if (bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException("the length has to be 0 to " + address.length * 8);
    }
    return new Subnet(address, bits);
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
