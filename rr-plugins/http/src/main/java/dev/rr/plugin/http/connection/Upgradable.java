package dev.rr.plugin.http.connection;

import dev.rr.api.http.HttpUpgrade;

/** The exchange of a request whose connection, or stream, another protocol can have. */
public interface Upgradable {
  /** Whether it is no request of HTTP at all when nobody speaks the protocol. */
  boolean isTunnel();

  /**
   * Leaves the connection or the stream to another protocol, or tells the receiver that it is too
   * late. Any thread; nothing waits.
   *
   * @param answer gives 101, on the loop, through middleware that may have other plans
   */
  HttpUpgrade.Wire leave(HttpUpgrade.Receiver receiver, Runnable answer);
}
