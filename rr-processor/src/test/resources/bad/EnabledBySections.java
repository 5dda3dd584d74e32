package test.bad;

import dev.rr.annotation.EnabledBy;
import dev.rr.annotation.Plugin;

final class EnabledBySections {
  @Plugin("none")
  @EnabledBy({})
// 14: [rr/EnabledBy] None's @EnabledBy names no section; name one, or leave @EnabledBy out
  static final class None {
    None() {}
  }

  @Plugin("empty")
  @EnabledBy("")
// 14: [rr/EnabledBy] Empty's @EnabledBy names "", which is no dotted key path in lower case; write for example "http.headers"
  static final class Empty {
    Empty() {}
  }

  @Plugin("malformed")
  @EnabledBy({"HTTP..headers", "http"})
// 14: [rr/EnabledBy] Malformed's @EnabledBy names "HTTP..headers", which is no dotted key path in lower case; write for example "http.headers"
  static final class Malformed {
    Malformed() {}
  }

  @Plugin("twice")
  @EnabledBy({"http", "http"})
// 14: [rr/EnabledBy] Twice's @EnabledBy names "http" twice; name it once
  static final class Twice {
    Twice() {}
  }
}
