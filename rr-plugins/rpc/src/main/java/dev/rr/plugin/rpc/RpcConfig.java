package dev.rr.plugin.rpc;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;

/**
 * The {@code rpc} section.
 *
 * @param listen where to listen: {@code tcp://host:port} or {@code unix://path}
 */
@ConfigSection("rpc")
public record RpcConfig(
    @Key(fallback = RpcConfig.DEFAULT, doc = "Where to listen: tcp://host:port or unix://path.")
        String listen) {
  private static final String DEFAULT = "tcp://127.0.0.1:6001";

  public RpcConfig {
    listen = listen.isEmpty() ? DEFAULT : listen;
  }
}
