package test.bad;

import dev.rr.annotation.ConfigSection;
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

  @ConfigSection
// 3: [rr/ConfigPrivate] Hidden is private or local, so its binder cannot construct it; leave `private` out
  private record Hidden(int port) {}

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
