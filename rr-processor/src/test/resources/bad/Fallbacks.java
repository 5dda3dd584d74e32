package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

final class Fallbacks {
  enum Mode {
    PRODUCTION,
    RAW
  }

  @ConfigSection("fallbacks")
  record All(
      @Key(fallback = "yes") boolean flag,
// 23: [rr/KeyFallback] component flag has the fallback "yes", which is no boolean; write true or false
      @Key(fallback = "many") int number,
// 23: [rr/KeyFallback] component number has the fallback "many", which is no whole number; write for example 64
      @Key(fallback = "3000000000") int large,
// 23: [rr/KeyFallback] component large has the fallback "3000000000", which is out of bounds; allowed is -2147483648 to 2147483647
      @Key(fallback = "11", min = 1, max = 10) long outside,
// 23: [rr/KeyFallback] component outside has the fallback "11", which is out of bounds; allowed is 1 to 10
      @Key(min = 1) int absent,
// 18: [rr/KeyFallback] component absent is 0 when the key is absent, but must be 1 to 2147483647; write a fallback or required = true
      @Key(fallback = "half") double share,
// 23: [rr/KeyFallback] component share has the fallback "half", which is no number; write for example 0.5
      @Key(fallback = "60 seconds") Duration pause,
// 23: [rr/KeyFallback] component pause has the fallback "60 seconds", which is no duration; write for example 60s, 1m30s or 500ms
      @Key(fallback = "prodution") Mode mode,
// 23: [rr/KeyFallback] component mode has the fallback "prodution", but allowed are production, raw; did you mean "production"?
      Mode none,
// 12: [rr/KeyFallback] component none is an enum without a value for when the key is absent; write fallback = "production", required = true, or Optional<Mode>
      @Key(fallback = "a") Map<String, String> map,
// 23: [rr/KeyFallback] component map has the fallback "a", but a Map<String, String> has none; set it in the record's compact constructor
      @Key(fallback = "a") Optional<String> optional) {}
// 23: [rr/KeyFallback] component optional has the fallback "a", but is Optional; leave one of the two out
}
