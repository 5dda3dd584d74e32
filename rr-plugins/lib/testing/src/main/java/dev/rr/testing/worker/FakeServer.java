package dev.rr.testing.worker;

import dev.rr.api.worker.Pool;
import dev.rr.api.worker.PoolConfig;
import dev.rr.api.worker.Server;
import java.util.List;
import java.util.Map;

/** A {@code server} plugin that hands one pool to whoever asks for one. */
public record FakeServer(Pool pool) implements Server {
  @Override
  public Pool pool(String name, PoolConfig config, Map<String, String> env) {
    return pool;
  }

  @Override
  public List<String> command(PoolConfig config) {
    return List.of("php", "worker.php");
  }

  @Override
  public int uid() {
    return -1;
  }

  @Override
  public int gid() {
    return -1;
  }
}
