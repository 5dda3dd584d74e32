package test.greeter;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.List;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link GreeterConfig.Part}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class GreeterConfig_PartBinder implements Binder<GreeterConfig.Part> {
  private static final Schema SCHEMA = new Schema("", List.of(
  new Schema.Field("size", Schema.Type.INTEGER, "", false, false, List.of(), "", null)));

  /**
   * The binder, which has no state.
   */
  public static final GreeterConfig_PartBinder INSTANCE = new GreeterConfig_PartBinder();

  private GreeterConfig_PartBinder() {
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
  public GreeterConfig.Part bind(Section section) {
    GreeterConfig.Part bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public GreeterConfig. @Nullable Part read(Section section) {
    int before = section.problemCount();
    int size = (int) section.integer("size", 0, -5, Integer.MAX_VALUE);
    try {
      return new GreeterConfig.Part(size);
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
