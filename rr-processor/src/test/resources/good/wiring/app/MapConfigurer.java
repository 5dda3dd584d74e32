package test.app;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Configurer;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import test.fake.MapSection;

/** Gives every section the same values. */
final class MapConfigurer implements Configurer {
  private final Map<String, Object> values;

  MapConfigurer(Map<String, Object> values) {
    this.values = values;
  }

  @Override
  public boolean has(String path) {
    return true;
  }

  @Override
  public String get(String path) {
    return null;
  }

  @Override
  public <T> T bind(Binder<T> binder) {
    return bind(binder.key(), binder);
  }

  @Override
  public <T> T bind(String path, Binder<T> binder) {
    Problems problems = new Problems();
    T bound = binder.bind(section(path, problems));
    problems.throwIfAny();
    return bound;
  }

  @Override
  public Section section(String path, Problems problems) {
    return new MapSection(path, values, problems);
  }

  @Override
  public Map<String, Object> tree() {
    return values;
  }

  @Override
  public List<Problem> unknownKeys(Collection<Schema> known) {
    return List.of();
  }
}
