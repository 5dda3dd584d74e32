package test.bad;

import dev.rr.annotation.Plugin;
import dev.rr.api.plugin.Host;
import java.io.IOException;

final class Constructors {
  @Plugin("two")
  static final class Two {
    Two() {}

    Two(Host host) {}
// 5: [rr/PluginConstructors] Two has 2 constructors; the one constructor says what the plugin needs: keep one, and let tests call a static method
  }

  @Plugin("private_one")
  static final class Private {
    private Private() {}
// 13: [rr/PluginConstructor] Private's constructor is private, so its module cannot call it; leave `private` out
  }

  @Plugin("throwing")
  static final class Throwing {
    Throwing() throws IOException {}
// 5: [rr/PluginConstructor] Throwing's constructor throws IOException, but a constructor has no side effects; move the work to init()
  }

}
