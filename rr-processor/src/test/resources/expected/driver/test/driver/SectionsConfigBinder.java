package test.driver;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link SectionsConfig}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class SectionsConfigBinder implements Binder<SectionsConfig> {
  private static final Schema SCHEMA = new Schema("sections", List.of(
  new Schema.Field("*", Schema.Type.ANY, "", false, false, List.of(), "By name.", null)));

  /**
   * The binder, which has no state.
   */
  public static final SectionsConfigBinder INSTANCE = new SectionsConfigBinder();

  private SectionsConfigBinder() {
  }

  @Override
  public String key() {
    return "sections";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public SectionsConfig bind(Section section) {
    SectionsConfig bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public @Nullable SectionsConfig read(Section section) {
    int before = section.problemCount();
    Map<String, Section> all = section.sectionMap("");
    try {
      return new SectionsConfig(all);
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
