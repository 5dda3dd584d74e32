package dev.rr.testing.plugin;

import dev.rr.api.config.Checked;
import dev.rr.api.config.Problem;
import dev.rr.api.config.Problems;
import dev.rr.api.plugin.Lifecycle;
import java.util.List;

/** What is wrong with a record or in the world of a plugin, as text, in the order it is told. */
public final class FoundProblems {
  private FoundProblems() {}

  /** What a plugin finds that would fail its start. */
  public static List<String> of(Lifecycle plugin) throws Exception {
    Problems problems = new Problems();
    plugin.check(problems);
    return texts(problems);
  }

  /** The rules that a record breaks, decoded from the section {@code path}. */
  public static List<String> of(Checked config, String path) {
    Problems problems = new Problems();
    config.check(new FakeConfigurer().section(path, problems));
    return texts(problems);
  }

  private static List<String> texts(Problems problems) {
    return problems.found().stream().map(Problem::toString).toList();
  }
}
