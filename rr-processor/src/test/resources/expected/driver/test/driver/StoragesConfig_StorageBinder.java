package test.driver;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.List;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link StoragesConfig.Storage}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class StoragesConfig_StorageBinder implements Binder<StoragesConfig.Storage> {
  private static final Schema SCHEMA = new Schema("", List.of(
  new Schema.Field("driver", Schema.Type.STRING, "", true, false, List.of(), "", null),
  new Schema.Field("config", Schema.Type.ANY, "", false, false, List.of(), "", null)));

  /**
   * The binder, which has no state.
   */
  public static final StoragesConfig_StorageBinder INSTANCE = new StoragesConfig_StorageBinder();

  private StoragesConfig_StorageBinder() {
  }

  @Override
  public String key() {
    return "";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public StoragesConfig.Storage bind(Section section) {
    StoragesConfig.Storage bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public StoragesConfig. @Nullable Storage read(Section section) {
    int before = section.problemCount();
    if (!section.has("driver")) {
      section.missing("driver", "text");
    }
    String driver = section.string("driver", "");
    Section config = section.section("config");
    try {
      return new StoragesConfig.Storage(driver, config);
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
