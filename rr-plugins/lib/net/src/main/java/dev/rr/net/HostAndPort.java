package dev.rr.net;

/**
 * A host as clients name it, such as {@code localhost:8080}, {@code [::1]} or {@code example.org},
 * in its two parts. Whether these are a host and a port is not looked at. Immutable.
 *
 * @param host without the brackets of an IPv6 address
 * @param port what stands behind the last colon; empty without one
 */
public record HostAndPort(String host, String port) {
  /** Divides a text; never fails. */
  public static HostAndPort of(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String host = hasPort ? text.substring(0, colon) : text;
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return new HostAndPort(
        brackets ? host.substring(1, host.length() - 1) : host,
        hasPort ? text.substring(colon + 1) : "");
  }
}
