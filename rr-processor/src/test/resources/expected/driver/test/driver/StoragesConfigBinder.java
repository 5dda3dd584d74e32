package test.driver;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link StoragesConfig}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class StoragesConfigBinder implements Binder<StoragesConfig> {
  private static final Schema SCHEMA = new Schema("storages", List.of(
  new Schema.Field("*", Schema.Type.SECTION_MAP, "", false, false, List.of(), "", StoragesConfig_StorageBinder.INSTANCE.schema())));

  /**
   * The binder, which has no state.
   */
  public static final StoragesConfigBinder INSTANCE = new StoragesConfigBinder();

  private StoragesConfigBinder() {
  }

  @Override
  public String key() {
    return "storages";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public StoragesConfig bind(Section section) {
    StoragesConfig bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public @Nullable StoragesConfig read(Section section) {
    int before = section.problemCount();
    boolean whole = true;
    Map<String, StoragesConfig.Storage> storages = new LinkedHashMap<>();
    for (Map.Entry<String, Section> each : section.sectionMap("").entrySet()) {
      StoragesConfig.Storage part = StoragesConfig_StorageBinder.INSTANCE.read(each.getValue());
      if (part == null) {
        whole = false;
      } else {
        storages.put(each.getKey(), part);
      }
    }
    if (!whole) {
      return null;
    }
    try {
      return new StoragesConfig(storages);
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
