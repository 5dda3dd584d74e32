package test.bad;

import dev.rr.annotation.Plugin;

final class PluginClasses {
  @Plugin("open")
  static class Open {
// 10: [rr/PluginClass] Open is not final; write `final class Open`
    Open() {}
  }

  @Plugin("abstract_one")
  abstract static class Abstract {
// 19: [rr/PluginClass] Abstract is abstract, so it cannot be constructed; write `final class`
    Abstract() {}
  }

  @Plugin("inner")
  final class Inner {
// 9: [rr/PluginClass] Inner is an inner class; make it static or a class of its own
    Inner() {}
  }

  @Plugin("hidden")
  private static final class Hidden {
// 24: [rr/PluginClass] Hidden is private or local, so its module cannot construct it; make it a class of its own
    Hidden() {}
  }

  @Plugin("generic")
  static final class Generic<T> {
// 16: [rr/PluginClass] Generic has type parameters; there is one object of each plugin, so leave them out
    Generic() {}
  }

  @Plugin("an_interface")
  interface Face {}
// 3: [rr/PluginClass] Face is no class; a plugin is a final class with one constructor

  @Plugin("a_record")
  record Rec() {}
// 3: [rr/PluginClass] Rec is no class; a plugin is a final class with one constructor
}
