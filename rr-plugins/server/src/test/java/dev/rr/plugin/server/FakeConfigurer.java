package dev.rr.plugin.server;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration of one key. */
record FakeConfigurer(Map<String, String> environment) implements Configurer {
  @Override
  public boolean has(String path) {
    return path.equals("rpc.listen");
  }

  @Override
  public @Nullable String get(String path) {
    return has(path) ? "tcp://127.0.0.1:6001" : null;
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Section section(String path, Problems problems) {
    return new dev.rr.testing.plugin.FakeConfigurer().section(path, problems);
  }

  @Override
  public Map<String, Object> tree() {
    return Map.of();
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    return List.of();
  }
}
