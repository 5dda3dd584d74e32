package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.annotation.Plugin;

/** Mistakes of different kinds, in different classes, in one compilation. */
@Plugin("several")
class SeveralAtOnce {
// 1: [rr/PluginClass] SeveralAtOnce is not final; write `final class SeveralAtOnce`
  SeveralAtOnce(int port, Settings settings) {}
// 21: [rr/ParameterType] parameter port has the type int, which no plugin offers; a constructor takes @Contract interfaces, Optional of them, @ConfigSection records, and Binder of a driver's records

  @ConfigSection("several")
  record Settings(@Key(fallback = "x") int number) {}
// 35: [rr/KeyFallback] component number has the fallback "x", which is no whole number; write for example 64
}
