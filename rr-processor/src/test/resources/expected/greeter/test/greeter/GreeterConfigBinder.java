package test.greeter;

import dev.rr.api.config.Binder;
import dev.rr.api.config.Schema;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.annotation.processing.Generated;
import org.jspecify.annotations.Nullable;

/**
 * Decodes {@link GreeterConfig}.
 */
@Generated("dev.rr.processor.RrProcessor")
final class GreeterConfigBinder implements Binder<GreeterConfig> {
  private static final Schema SCHEMA = new Schema("tools.greeter", List.of(
  new Schema.Field("name", Schema.Type.STRING, "", true, false, List.of(), "Whom to greet.", null),
  new Schema.Field("loud", Schema.Type.BOOLEAN, "true", false, false, List.of(), "", null),
  new Schema.Field("times", Schema.Type.INTEGER, "3", false, false, List.of(), "", null),
  new Schema.Field("max-bytes", Schema.Type.INTEGER, "", false, false, List.of(), "", null),
  new Schema.Field("share", Schema.Type.NUMBER, "0.5", false, false, List.of(), "", null),
  new Schema.Field("pause", Schema.Type.DURATION, "1m30s", false, false, List.of(), "", null),
  new Schema.Field("mood", Schema.Type.CHOICE, "good_bye", false, false, List.of("hello", "good_bye"), "", null),
  new Schema.Field("command", Schema.Type.STRING_OR_LIST, "say hello", false, false, List.of(), "", null),
  new Schema.Field("words", Schema.Type.STRINGS, "a, b", false, false, List.of(), "", null),
  new Schema.Field("env", Schema.Type.STRING_MAP, "", false, false, List.of(), "", null),
  new Schema.Field("token", Schema.Type.STRING, "", false, true, List.of(), "", null),
  new Schema.Field("part", Schema.Type.SECTION, "", false, false, List.of(), "", GreeterConfig_PartBinder.INSTANCE.schema()),
  new Schema.Field("parts", Schema.Type.SECTIONS, "", false, false, List.of(), "", GreeterConfig_PartBinder.INSTANCE.schema()),
  new Schema.Field("by_name", Schema.Type.SECTION_MAP, "", false, false, List.of(), "", GreeterConfig_PartBinder.INSTANCE.schema()),
  new Schema.Field("later", Schema.Type.ANY, "", false, false, List.of(), "", null),
  new Schema.Field("many_later", Schema.Type.ANY, "", false, false, List.of(), "", null),
  new Schema.Field("nick", Schema.Type.STRING, "", false, false, List.of(), "", null),
  new Schema.Field("age", Schema.Type.INTEGER, "", false, false, List.of(), "", null),
  new Schema.Field("other_mood", Schema.Type.CHOICE, "", false, false, List.of("hello", "good_bye"), "", null),
  new Schema.Field("other_part", Schema.Type.SECTION, "", false, false, List.of(), "", GreeterConfig_PartBinder.INSTANCE.schema(), true),
  new Schema.Field("section", Schema.Type.STRING, "", false, false, List.of(), "", null),
  new Schema.Field("whole", Schema.Type.BOOLEAN, "", false, false, List.of(), "", null)));

  /**
   * The binder, which has no state.
   */
  public static final GreeterConfigBinder INSTANCE = new GreeterConfigBinder();

  private GreeterConfigBinder() {
  }

  @Override
  public String key() {
    return "tools.greeter";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public GreeterConfig bind(Section section) {
    GreeterConfig bound = read(section);
    if (bound == null) {
      throw new IllegalArgumentException(section.path() + " breaks a rule; the problem is recorded on the section");
    }
    return bound;
  }

  /**
   * As {@link #bind}, but null when the record, or one in it, broke a rule of its own.
   */
  public @Nullable GreeterConfig read(Section section) {
    int before = section.problemCount();
    boolean whole = true;
    if (!section.has("name")) {
      section.missing("name", "text");
    }
    String name = section.string("name", "");
    boolean loud = section.bool("loud", true);
    int times = (int) section.integer("times", 3, 1, 10);
    long maxBytes = section.integer("max-bytes", 0, 0, Long.MAX_VALUE);
    double share = section.decimal("share", 0.5);
    Duration pause = section.duration("pause", Duration.ofSeconds(90));
    GreeterConfig.Mood mood = section.choice("mood", GreeterConfig.Mood.class, GreeterConfig.Mood.GOOD_BYE);
    StringOrList command = section.stringOrList("command", StringOrList.of("say hello"));
    List<String> words = section.strings("words", List.of("a", "b"));
    Map<String, String> env = section.map("env");
    String token = section.string("token", "");
    GreeterConfig.Part part_ = GreeterConfig_PartBinder.INSTANCE.read(section.section("part"));
    List<GreeterConfig.Part> parts = new ArrayList<>();
    for (Section each : section.sections("parts")) {
      GreeterConfig.Part part = GreeterConfig_PartBinder.INSTANCE.read(each);
      if (part == null) {
        whole = false;
      } else {
        parts.add(part);
      }
    }
    Map<String, GreeterConfig.Part> byName = new LinkedHashMap<>();
    for (Map.Entry<String, Section> each : section.sectionMap("by_name").entrySet()) {
      GreeterConfig.Part part = GreeterConfig_PartBinder.INSTANCE.read(each.getValue());
      if (part == null) {
        whole = false;
      } else {
        byName.put(each.getKey(), part);
      }
    }
    Section later = section.section("later");
    Map<String, Section> manyLater = section.sectionMap("many_later");
    Optional<String> nick = section.has("nick") ? Optional.of(section.string("nick", "")) : Optional.empty();
    Optional<Integer> age = section.has("age") ? Optional.of((int) section.integer("age", 0, Integer.MIN_VALUE, Integer.MAX_VALUE)) : Optional.empty();
    Optional<GreeterConfig.Mood> otherMood = section.has("other_mood") ? Optional.of(section.choice("other_mood", GreeterConfig.Mood.class, GreeterConfig.Mood.HELLO)) : Optional.empty();
    Optional<GreeterConfig.Part> otherPart = Optional.empty();
    if (section.has("other_part")) {
      otherPart = Optional.ofNullable(GreeterConfig_PartBinder.INSTANCE.read(section.section("other_part")));
      whole &= otherPart.isPresent();
    }
    String section_ = section.string("section", "");
    boolean whole_ = section.bool("whole", false);
    if (!whole || part_ == null) {
      return null;
    }
    try {
      return new GreeterConfig(name, loud, times, maxBytes, share, pause, mood, command, words, env, token, part_, parts, byName, later, manyLater, nick, age, otherMood, otherPart, section_, whole_);
    } catch (IllegalArgumentException broken) {
      if (section.problemCount() == before) {
        section.problem(null, String.valueOf(broken.getMessage()));
      }
      return null;
    }
  }
}
