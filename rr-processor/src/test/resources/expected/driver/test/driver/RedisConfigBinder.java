package test.driver;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import java.util.List;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link RedisConfig}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class RedisConfigBinder implements Binder<RedisConfig> {
  private static final Schema SCHEMA = new Schema("kv.*.config", "redis", List.of(
  new Schema.Field("addrs", Schema.Type.STRINGS, "127.0.0.1:6379", false, false, List.of(), "", null),
  new Schema.Field("pin", Schema.Type.STRING, "", false, true, List.of(), "", null)));

  /**
   * The binder, which has no state.
   */
  public static final RedisConfigBinder INSTANCE = new RedisConfigBinder();

  private RedisConfigBinder() {
  }

  @Override
  public String key() {
    return "kv.*.config";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public RedisConfig bind(Section section) {
    RedisConfig bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public @Nullable RedisConfig read(Section section) {
    int before = section.problemCount();
    List<String> addrs = section.strings("addrs", List.of("127.0.0.1:6379"));
    String pin = section.string("pin", "");
    try {
      RedisConfig bound = new RedisConfig(addrs, pin);
      bound.check(section.rules());
      return bound;
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
