package test.bad;

import dev.rr.annotation.ConfigSection;

/** Two records whose binders would have one name: the processor fails, and javac shows no trace. */
final class SameBinder {
  @ConfigSection
  record Part(int port) {}
}

@ConfigSection
record SameBinder_Part(int port) {}
// 1: [rr/GeneratedName] the class test.bad.SameBinder_PartBinder is generated for SameBinder_Part, but there is one of this name already; rename one of them
