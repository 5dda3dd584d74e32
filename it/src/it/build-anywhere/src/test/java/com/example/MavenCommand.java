package com.example;

import dev.rr.it.ShellCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Maven as it runs this very build: same repository, same settings. */
final class MavenCommand {
  private MavenCommand() {}

  /** One that tells no more than what is wrong. */
  static ShellCommand in(Path folder, String... arguments) {
    List<String> line = line(arguments);
    line.add(1, "-q");
    return new ShellCommand(folder, line, Map.of());
  }

  /** What is typed. */
  static List<String> line(String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "mvn",
                "-B",
                "-s",
                System.getProperty("rr.it.settings"),
                "-Dmaven.repo.local=" + System.getProperty("rr.it.repository")));
    line.addAll(List.of(arguments));
    return line;
  }
}
