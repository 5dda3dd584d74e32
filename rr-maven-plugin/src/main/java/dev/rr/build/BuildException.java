package dev.rr.build;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Everything that keeps a file from being made, in the words of the user who asked for it. */
public final class BuildException extends Exception {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /** All problems of one step, at least one. Each may have several lines. */
  public BuildException(List<String> problems) {
    super(text(problems));
    this.problems = List.copyOf(problems);
  }

  /** One problem. */
  public BuildException(String problem) {
    this(List.of(problem));
  }

  /** What the system said about a file, in a sentence. */
  public static String text(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    return e instanceof NoSuchFileException absent
        ? absent.getFile() + ": no such file or folder"
        : "cannot read or write: " + e;
  }

  /** The problems, each as a text of its own. */
  public List<String> problems() {
    return problems;
  }

  private static String text(List<String> problems) {
    if (problems.size() == 1) {
      return problems.get(0);
    }
    StringBuilder text = new StringBuilder(problems.size() + " problems:");
    problems.forEach(p -> text.append("\n- ").append(p.replace("\n", "\n  ")));
    return text.toString();
  }
}
