package dev.rr.process;

import dev.rr.api.config.Section;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks users and groups up, in the system's files and then by {@code getent}, which knows
 * directories. Any thread; waits for {@code getent} five seconds at most.
 */
public final class Accounts {
  private static final int OVERFLOW = -1;

  private Accounts() {}

  /**
   * The account to run as. What does not exist, or cannot be become, is a problem of the section.
   *
   * @param at the section with the keys {@code user} and {@code group}
   * @param user name or number; may be empty
   * @param group name or number; may be empty
   * @return empty when neither is given, one of them does not exist, or it is what this process is
   */
  public static Optional<ProcessCommand.User> find(Section at, String user, String group) {
    Optional<ProcessCommand.User> found = lookUp(at, user, group);
    if (found.isPresent() && !mayBecome(found.get())) {
      at.problem(
          user.isEmpty() ? "group" : "user",
          "only root can start processes as " + user + (group.isEmpty() ? "" : ":" + group));
    }
    return found.filter(account -> !isSelf(account));
  }

  private static Optional<ProcessCommand.User> lookUp(Section at, String user, String group) {
    if (user.isEmpty() && group.isEmpty()) {
      return Optional.empty();
    }
    int uid = self("unix:uid");
    int gid = self("unix:gid");
    if (!user.isEmpty()) {
      List<String> entry = entry("passwd", user);
      if (entry.isEmpty()) {
        at.problem("user", "there is no user " + user);
        return Optional.empty();
      }
      uid = Integer.parseInt(entry.get(2));
      gid = Integer.parseInt(entry.get(3));
    }
    if (!group.isEmpty()) {
      List<String> entry = entry("group", group);
      if (entry.isEmpty()) {
        at.problem("group", "there is no group " + group);
        return Optional.empty();
      }
      gid = Integer.parseInt(entry.get(2));
    }
    return Optional.of(new ProcessCommand.User(uid, gid));
  }

  /** Whether this process may become another user. */
  private static boolean mayBecome(ProcessCommand.User user) {
    int uid = self("unix:uid");
    return uid == 0 || isSelf(user);
  }

  /** Whether this process already is that user and group. */
  private static boolean isSelf(ProcessCommand.User user) {
    return user.uid() == self("unix:uid") && user.gid() == self("unix:gid");
  }

  private static int self(String attribute) {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), attribute);
    } catch (IOException | RuntimeException notLinux) {
      return OVERFLOW;
    }
  }

  private static List<String> entry(String database, String name) {
    try {
      for (String line : Files.readAllLines(Path.of("/etc", database))) {
        List<String> fields = List.of(line.split(":", -1));
        if (fields.size() > 3 && (fields.get(0).equals(name) || fields.get(2).equals(name))) {
          return fields;
        }
      }
    } catch (IOException noFile) {
      // getent may know.
    }
    return getent(database, name);
  }

  private static List<String> getent(String database, String name) {
    try {
      Process process =
          new ProcessBuilder(new ArrayList<>(List.of("getent", database, name)))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String line = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
      boolean over = process.waitFor(5, TimeUnit.SECONDS);
      List<String> fields = List.of(line.strip().split(":", -1));
      return over && process.exitValue() == 0 && fields.size() > 3 ? fields : List.of();
    } catch (IOException noTool) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
