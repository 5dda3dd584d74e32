package dev.rr.process;

import dev.rr.api.plugin.OsText;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts a process in a group of its own, so that signals of the terminal do not reach it and all
 * of it can be killed at once, and as another user where that is asked. The helpers run the command
 * in their own place: the pid stays. Any thread.
 */
public final class ProcessStarter {
  // Where the system's own tools are, whatever PATH the configuration makes.
  private static final String SYSTEM_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Before the name of a variable that is handed over in hexadecimal digits, name and value. */
  private static final String HEX = "_RR_HEX_";

  /** In which Java hands variables over. */
  private static final Charset ENCODING =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private static final Optional<Path> PERL = find("perl", SYSTEM_PATH, Path.of("/"));
  private static final List<String> GROUP = groupHelper();
  private static final Optional<Path> SETPRIV = find("setpriv", SYSTEM_PATH, Path.of("/"));

  private ProcessStarter() {}

  /**
   * A builder with command, directory and environment filled in; the caller redirects and starts.
   *
   * @throws IOException in words for the user when the program does not exist or the user cannot be
   *     switched to
   */
  public static ProcessBuilder prepare(ProcessCommand command) throws IOException {
    requireDirectory(command);
    String program = command.arguments().getFirst();
    String path = path(command.environment().get("PATH"));
    if (find(program, path, command.directory()).isEmpty()) {
      throw new IOException(notFound(program, path, command.directory()));
    }
    List<String> arguments = new ArrayList<>(GROUP);
    if (command.user().isPresent()) {
      ProcessCommand.User user = command.user().get();
      arguments.add(setpriv().toString());
      arguments.add("--reuid=" + user.uid());
      arguments.add("--regid=" + user.gid());
      arguments.add("--clear-groups");
      arguments.add("--");
    }
    arguments.addAll(command.arguments());
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(command.directory().toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    command.environment().forEach((name, value) -> put(environment, name, value));
    if (PERL.isPresent()) {
      // A locale that is not installed, as in most containers, is no news for the log.
      environment.putIfAbsent("PERL_BADLANG", "");
    }
    return builder;
  }

  /** Java's own way loses bytes that the locale's encoding has no letter for. */
  private static void put(Map<String, String> environment, String name, String value) {
    if (PERL.isEmpty() || ENCODING.newEncoder().canEncode(name + value)) {
      environment.put(name, value);
    } else {
      environment.put(HEX + hex(name), hex(value));
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(OsText.bytes(text));
  }

  /**
   * Whether {@code word} could be run as it stands.
   *
   * @param path the {@code PATH} to look in; null for the system's
   */
  public static boolean isProgram(String word, @Nullable String path, Path directory) {
    return find(word, path(path), directory).isPresent();
  }

  private static String path(@Nullable String own) {
    return own == null ? SYSTEM_PATH : own;
  }

  /** Whether processes start as leaders of their own group. */
  static boolean ownGroup() {
    return !GROUP.isEmpty();
  }

  // Linux schedules each session as a unit of its own (autogroup), which costs a conversation over
  // pipes up to half of its
  // speed. So a new group in the same session is better than setsid's new session; only perl offers
  // it.
  private static List<String> groupHelper() {
    if (PERL.isPresent()) {
      String script =
          "delete $ENV{PERL_BADLANG} if $ENV{PERL_BADLANG} eq '';"
              + "for (grep /^"
              + HEX
              + "/, keys %ENV) {my $v = delete $ENV{$_};"
              + "$ENV{pack 'H*', substr $_, "
              + HEX.length()
              + "} = pack 'H*', $v}"
              + "setpgrp(0, 0); exec { $ARGV[0] } @ARGV; exit 127";
      return List.of(PERL.get().toString(), "-e", script, "--");
    }
    return find("setsid", SYSTEM_PATH, Path.of("/"))
        .map(setsid -> List.of(setsid.toString()))
        .orElse(List.of());
  }

  private static void requireDirectory(ProcessCommand command) throws IOException {
    if (!Files.isDirectory(command.directory())) {
      throw new IOException("the working directory " + command.directory() + " does not exist");
    }
  }

  private static Path setpriv() throws IOException {
    return SETPRIV.orElseThrow(() ->
        new IOException("server.user and server.group need the setpriv command of util-linux"));
  }

  private static String notFound(String program, String path, Path directory) {
    return program.indexOf('/') >= 0
        ? "the program "
            + program
            + " does not exist or may not be run (seen from "
            + directory
            + ")"
        : "the program " + program + " was not found in PATH (" + path + ")";
  }

  /** The file that running {@code program} means. */
  static Optional<Path> find(String program, @Nullable String path, Path directory) {
    if (program.indexOf('/') >= 0) {
      return runnable(directory.resolve(program));
    }
    if (path == null) {
      return Optional.empty();
    }
    for (String folder : path.split(File.pathSeparator)) {
      Optional<Path> found = runnable(directory.resolve(folder).resolve(program));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file)
        ? Optional.of(file)
        : Optional.empty();
  }
}
