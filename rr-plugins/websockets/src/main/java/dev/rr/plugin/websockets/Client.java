package dev.rr.plugin.websockets;

/** One who has joined topics, over whatever transport. Any thread; no method waits. */
interface Client {
  /** A message of a topic that it has, or had a moment ago; others wait behind this. */
  void deliver(Message message);

  /** Looks whether it is still there. Called regularly. */
  void look(long nowNanos);

  /** The server ends. */
  void leave();
}
