package test.bad;

import dev.rr.annotation.Collects;
import dev.rr.annotation.Plugin;
import dev.rr.api.http.Middleware;
import dev.rr.api.plugin.Named;
import java.io.IOException;
import java.util.List;

@Plugin("collects")
final class CollectsMethods {
  CollectsMethods() {}

  @Collects
  private void hidden(Middleware middleware) {}
// 16: [rr/CollectsMethod] @Collects hidden() is private, so it cannot be called; leave `private` out

  @Collects
  static void shared(Middleware middleware) {}
// 15: [rr/CollectsMethod] @Collects shared() is static, but it collects for the plugin; leave `static` out

  @Collects
  void type(Named plugin, String text) {}
// 34: [rr/CollectsType] parameter text has the type String, which no plugin offers; take @Contract interfaces and at most one Named

  @Collects
  void several(List<Middleware> middleware) {}
// 33: [rr/CollectsType] parameter middleware has the type List<Middleware>, but the method is called once for each offer; write Middleware

  @Collects
  void nothing() {}
// 8: [rr/CollectsMethod] @Collects nothing() collects no contract; take at least one @Contract interface

  @Collects
  void onlyNamed(Named plugin) {}
// 8: [rr/CollectsMethod] @Collects onlyNamed() collects no contract; take at least one @Contract interface

  @Collects
  void twoNamed(Named one, Named two, Middleware middleware) {}
// 34: [rr/CollectsTwice] parameters one and two are both Named; leave one out

  @Collects
  void twice(Middleware one, Middleware two) {}
// 41: [rr/CollectsTwice] parameters one and two are both Middleware; leave one out

  @Collects
  boolean answering(Middleware middleware) {
// 11: [rr/CollectsMethod] @Collects answering() returns boolean, which nobody takes; write void
    return true;
  }

  @Collects
  void failing(Middleware middleware) throws IOException {
// 8: [rr/CollectsMethod] @Collects failing() throws IOException; keep what is given and work in start()
    throw new IOException();
  }

  @Collects
  <T> void generic(Middleware middleware) {}
// 12: [rr/CollectsMethod] @Collects generic() has type parameters; write the contracts that are collected
}
