import dev.rr.annotation.Plugin;

@Plugin("in_no_package")
final class InNoPackage {
// 7: [rr/PluginClass] InNoPackage is in no package, so the code that wires it cannot name it; give it a package
  InNoPackage() {}
}
