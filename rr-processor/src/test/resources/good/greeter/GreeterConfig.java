package test.greeter;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import dev.rr.api.config.StringOrList;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every type that a component may have. */
@ConfigSection("tools.greeter")
record GreeterConfig(
    @Key(required = true, doc = "Whom to greet.") String name,
    @Key(fallback = "true") boolean loud,
    @Key(fallback = "3", min = 1, max = 10) int times,
    @Key(name = "max-bytes", min = 0) long maxBytes,
    @Key(fallback = "0.5") double share,
    @Key(fallback = "1m30s") Duration pause,
    @Key(fallback = "good_bye") Mood mood,
    @Key(fallback = "say hello") StringOrList command,
    @Key(fallback = "a, b") List<String> words,
    Map<String, String> env,
    @Key(secret = true) String token,
    Part part,
    List<Part> parts,
    Map<String, Part> byName,
    Section later,
    Map<String, Section> manyLater,
    Optional<String> nick,
    Optional<Integer> age,
    Optional<Mood> otherMood,
    Optional<Part> otherPart,
    // Names that the binder uses itself.
    String section,
    boolean whole) {

  enum Mood {
    HELLO,
    GOOD_BYE
  }

  @ConfigSection
  record Part(@Key(min = -5) int size) {
    Part {
      if (size == 4) {
        throw new IllegalArgumentException("size is 4, which is unlucky");
      }
    }
  }

  @Override
  public String toString() {
    return "GreeterConfig[name=%s, loud=%s, times=%s, maxBytes=%s, share=%s, pause=%s, mood=%s, command=%s, words=%s, env=%s, token=%s, part=%s, parts=%s, byName=%s, later=%s, manyLater=%s, nick=%s, age=%s, otherMood=%s, otherPart=%s, section=%s, whole=%s]"
        .formatted(name, loud, times, maxBytes, share, pause, mood, command, words, env, token.isEmpty() ? "" : "***", part, parts, byName, later, manyLater, nick, age, otherMood, otherPart, section, whole);
  }
}
