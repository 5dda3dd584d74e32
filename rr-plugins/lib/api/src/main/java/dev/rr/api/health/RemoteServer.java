package dev.rr.api.health;

/**
 * A server that a plugin calls, such as a broker.
 *
 * @param key the dotted path of the key that names it
 * @param address {@code host:port}, {@code [v6]:port} or {@code unix://path}; without user and
 *     password
 */
public record RemoteServer(String key, String address) {
  /** A server at a port; an IPv6 address gets its brackets. */
  public static RemoteServer of(String key, String host, int port) {
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return new RemoteServer(key, (bare ? "[" + host + "]" : host) + ":" + port);
  }
}
