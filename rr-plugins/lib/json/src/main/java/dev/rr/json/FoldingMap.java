package dev.rr.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object as it was decoded: in order of arrival; a key that is not there as written is looked up
 * without regard to case, as Go's decoder matches field names. Not thread-safe.
 */
public final class FoldingMap extends LinkedHashMap<String, @Nullable Object> {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable Object get(@Nullable Object key) {
    Object exact = super.get(key);
    return exact != null || super.containsKey(key) ? exact : folded(key);
  }

  @Override
  public @Nullable Object getOrDefault(@Nullable Object key, @Nullable Object fallback) {
    Object value = get(key);
    return value == null ? fallback : value;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return super.containsKey(key) || folded(key) != null;
  }

  private @Nullable Object folded(@Nullable Object key) {
    if (key instanceof String name) {
      for (Map.Entry<String, @Nullable Object> entry : entrySet()) {
        if (entry.getKey().equalsIgnoreCase(name)) {
          return entry.getValue();
        }
      }
    }
    return null;
  }
}
