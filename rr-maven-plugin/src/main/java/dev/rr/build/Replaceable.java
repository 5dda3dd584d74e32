package dev.rr.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Keeps goals from writing over what none of their own has made: who names it by mistake would lose
 * it. Stateless.
 */
public final class Replaceable {
  private Replaceable() {}

  /** Whether what is at a place may be replaced. */
  @FunctionalInterface
  public interface Recognition {
    /** For a place where something is. */
    boolean recognizes(Path place) throws IOException;
  }

  /**
   * Fails where a folder is.
   *
   * @param key by which the user named the place
   */
  public static void requireFile(String key, Path place) throws BuildException {
    if (Files.isDirectory(place)) {
      throw new BuildException("%s: %s is a folder; name the file".formatted(key, place));
    }
  }

  /**
   * Fails where a folder or another file is.
   *
   * @param key by which the user named the place
   * @param other what it is then, as {@code no lock, which is all that is replaced}
   */
  public static void requireFile(String key, Path place, String other, Recognition own)
      throws BuildException, IOException {
    requireFile(key, place);
    if (Files.exists(place) && !own.recognizes(place)) {
      throw refused(key, place, other);
    }
  }

  /** As that, where a folder is to be; a link that leads nowhere is something else as well. */
  public static void requireFolder(String key, Path place, String other, Recognition own)
      throws BuildException, IOException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !own.recognizes(place)) {
      throw refused(key, place, other);
    }
  }

  private static BuildException refused(String key, Path place, String other) {
    return new BuildException(
        "%s: %s is there and is %s; name another, or delete it".formatted(key, place, other));
  }
}
