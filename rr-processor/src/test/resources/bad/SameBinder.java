package test.bad;

import dev.rr.annotation.ConfigSection;

/** Two records whose binders would have one name: the processor fails, and javac shows no trace. */
final class SameBinder {
  @ConfigSection
  record Part(int port) {}
}

@ConfigSection
record SameBinder_Part(int port) {}
// 1: [rr/Internal] the processor failed with java.io.UncheckedIOException: javax.annotation.processing.FilerException: Attempt to recreate a file for type test.bad.SameBinder_PartBinder in dev.rr.processor.base.Output.source; please report this
