package test.bad;

import dev.rr.annotation.ConfigSection;
import dev.rr.annotation.Plugin;

/** Classes of the author's own that have the names of generated ones. */
@Plugin("generated_names")
final class GeneratedNames {
// 7: [rr/GeneratedName] the class test.bad.GeneratedNamesModule is generated for GeneratedNames, but there is one of this name already; rename one of them
  GeneratedNames() {}
}

final class GeneratedNamesModule {}

@ConfigSection("taken")
record Taken(int port) {}
// 1: [rr/GeneratedName] the class test.bad.TakenBinder is generated for Taken, but there is one of this name already; rename one of them

final class TakenBinder {}
