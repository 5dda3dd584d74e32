package dev.rr.api.log;

import dev.rr.annotation.Contract;

/** Hands out log channels. Any thread. */
@Contract
public interface Loggers {
  /**
   * The channel of this name, configured under {@code logs.channels.<name>} or else as the root.
   *
   * @param name upstream's channel names: {@code http}, {@code server}, {@code rpc}, …
   */
  Log named(String name);
}
