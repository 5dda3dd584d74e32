package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Key;
import dev.rr.api.config.Section;
import java.util.List;
import java.util.Map;

final class Sections {
  @ConfigSection("a")
// 3: [rr/ConfigRecord] NoRecord is marked @ConfigSection but is a class; make it a record whose components are the section's keys
  static final class NoRecord {}

  @ConfigSection("b")
// 3: [rr/ConfigRecord] Face is marked @ConfigSection but is an interface; make it a record whose components are the section's keys
  interface Face {}

  @ConfigSection("Http Server")
// 18: [rr/ConfigPath] Path's section is "Http Server", which is no dotted key path in lower case; write for example "http.headers"
  record Path(int port) {}

  @ConfigSection("kv.*.config")
// 18: [rr/ConfigPath] NoDriver's section is "kv.*.config", which stands below names that the user chooses; name the driver whose keys these are: driver = "…", or take a Map<String, NoDriver> in the section above
  record NoDriver(int port) {}

  @ConfigSection(value = "kv.config", driver = "redis")
// 26: [rr/ConfigPath] NoName is the section of the driver "redis", but its path "kv.config" says not where: write * for the name that the user chooses, for example "kv.*.config"
  record NoName(int port) {}

  @ConfigSection(value = "kv.*.*", driver = "redis")
// 26: [rr/ConfigPath] TwoNames is the section of the driver "redis", but its path "kv.*.*" says not where: write * for the name that the user chooses, for example "kv.*.config"
  record TwoNames(int port) {}

  @ConfigSection(value = "kv.*.config", driver = "Re dis")
// 50: [rr/ConfigPath] BadDriver is the section of the driver "Re dis", which is no name; allowed are lower-case letters, digits, _ and -
  record BadDriver(int port) {}

  @ConfigSection("names.alone")
  record NotAlone(@Key(name = "*") Map<String, Section> names, int port) {}
// 57: [rr/KeyNames] component names stands for all keys of the section, but is not alone; a name could be a key of another component: leave the others out

  @ConfigSection("names.of")
  record NoMap(@Key(name = "*") List<String> names) {}
// 46: [rr/KeyNames] component names stands for all keys of the section, but is no map; write Map<String, …> of a @ConfigSection record or of Section

  @ConfigSection("names.required")
  record Required(@Key(name = "*", required = true) Map<String, Section> names) {}
// 74: [rr/KeyNames] component names stands for all keys of the section, so it cannot be required; say in the plugin's check that a name is missing

  @ConfigSection
// 3: [rr/ConfigPrivate] Hidden is private or local, so its binder cannot construct it; leave `private` out
  private record Hidden(int port) {}

  @ConfigSection
  record Guarded(@Key(secret = true) String pin, String user, @Key(secret = true) String word) {}
// 3: [rr/ConfigSecret] Guarded would show pin, word wherever it is printed; give it a toString() without

  @ConfigSection
// 3: [rr/ConfigGeneric] Generic has type parameters; a section's types must be fixed
  record Generic<T>(int port) {}

  @ConfigSection
// 3: [rr/ConfigCycle] Own contains itself: Own -> Own; take the inner part as dev.rr.api.config.Section and read it by hand
  record Own(List<Own> parts) {}

  @ConfigSection
// 3: [rr/ConfigCycle] There contains itself: There -> Back -> There; take the inner part as dev.rr.api.config.Section and read it by hand
  record There(Back back) {}

  @ConfigSection
// 3: [rr/ConfigCycle] Back contains itself: Back -> There -> Back; take the inner part as dev.rr.api.config.Section and read it by hand
  record Back(Map<String, There> there) {}
}
