package dev.rr.build;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    if (e instanceof NoSuchFileException absent) {
      return absent.getFile() + ": no such file or folder";
    }
    if (e instanceof FileAlreadyExistsException other) {
      return other.getFile() + ": is there already, or is no folder";
    }
    return e instanceof FileSystemException named && named.getReason() != null
        ? named.getFile() + ": " + named.getReason()
        : "cannot read or write: " + e;
  }

  /** With the name of the file, which the system leaves out of what it says of a full disk. */
  public static IOException at(Path file, IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    IOException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
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
