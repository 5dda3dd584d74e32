package dev.rr.process;

import dev.rr.api.config.Nearest;
import dev.rr.api.plugin.OsText;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts a process in a group of its own, so that signals of the terminal do not reach it and all
 * of it can be killed at once, and as another user where that is asked. The helpers run the command
 * in their own place: the pid stays.
 *
 * <p>Any thread, but on Linux one that outlives the process: the kernel kills the process when the
 * thread that started it ends, and so when this server is killed ({@code PR_SET_PDEATHSIG}).
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

  /** The number of prctl(2) as the kernel knows it; 0 where it is not known. */
  private static final int PRCTL =
      !System.getProperty("os.name").equals("Linux")
          ? 0
          : switch (System.getProperty("os.arch")) {
            case "amd64" -> 157;
            case "aarch64", "riscv64" -> 167;
            case "ppc64le" -> 171;
            case "s390x" -> 172;
            default -> 0;
          };

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
    Optional<String> fault = fault(program, command.environment().get("PATH"), command.directory());
    if (fault.isPresent()) {
      throw new IOException(fault.get());
    }
    List<String> arguments = new ArrayList<>(GROUP);
    if (command.user().isPresent()) {
      arguments.addAll(become(command.user().get()));
    }
    arguments.addAll(command.arguments());
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(command.directory().toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    for (Map.Entry<String, String> variable : command.environment().entrySet()) {
      requireVariable(variable.getKey(), variable.getValue());
      put(environment, variable.getKey(), variable.getValue());
    }
    if (PERL.isPresent()) {
      // A locale that is not installed, as in most containers, is no news for the log.
      environment.putIfAbsent("PERL_BADLANG", "");
    }
    return builder;
  }

  // Becoming somebody else ends what perl has asked of the kernel, so it is asked again.
  private static List<String> become(ProcessCommand.User user) throws IOException {
    return List.of(
        setpriv().toString(),
        "--reuid=" + user.uid(),
        "--regid=" + user.gid(),
        "--clear-groups",
        "--pdeathsig=KILL",
        "--");
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
              // What stops processes; a server that a shell started in the background ignores it.
              // Before the group: whoever leads one can be interrupted.
              + "$SIG{INT} = 'DEFAULT';"
              + "setpgrp(0, 0);"
              + dieWithServer()
              + "exec { $ARGV[0] } @ARGV; print STDERR \"$ARGV[0]: $!\\n\"; exit 127";
      return List.of(PERL.get().toString(), "-e", script, "--");
    }
    return find("setsid", SYSTEM_PATH, Path.of("/"))
        .map(setsid -> List.of(setsid.toString()))
        .orElse(List.of());
  }

  // The server may have been killed before the kernel was asked.
  private static String dieWithServer() {
    long server = ProcessHandle.current().pid();
    return PRCTL == 0
        ? ""
        : "syscall(" + PRCTL + ", 1, 9, 0, 0, 0); exit 1 if getppid != " + server + ";";
  }

  private static void requireDirectory(ProcessCommand command) throws IOException {
    if (!Files.isDirectory(command.directory())) {
      throw new IOException("the working directory " + command.directory() + " does not exist");
    }
  }

  private static void requireVariable(String name, String value) throws IOException {
    if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
      throw new IOException(
          "the variable '"
              + name
              + "' cannot be handed over: a name is not empty and has no =, and neither it nor its"
              + " value has a zero byte");
    }
  }

  private static Path setpriv() throws IOException {
    return SETPRIV.orElseThrow(
        () -> new IOException("another user or group needs the setpriv command of util-linux"));
  }

  /**
   * Why a program cannot be started, in words for the user; empty when it can, as far as its file
   * shows. Looks at the file system, and reads the folders of {@code PATH} for the nearest name.
   *
   * @param path the {@code PATH} to look in; null for the system's
   * @param directory where relative names begin
   */
  public static Optional<String> fault(String program, @Nullable String path, Path directory) {
    String folders = path(path);
    if (find(program, folders, directory).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        "the program "
            + program
            + (program.indexOf('/') >= 0
                ? notRunnable(program, directory)
                : notFound(program, folders, directory)));
  }

  private static String notRunnable(String program, Path directory) {
    Path file = directory.resolve(program);
    if (!Files.exists(file)) {
      return " does not exist" + (program.startsWith("/") ? "" : " in " + directory);
    }
    return Files.isRegularFile(file)
        ? " may not be executed: " + file + " lacks the permission"
        : " is no file: " + file;
  }

  private static String notFound(String program, String path, Path directory) {
    String near = Nearest.to(program, programs(path, directory));
    return " was not found in PATH ("
        + path
        + ")"
        + (near == null ? "" : "; did you mean " + near + "?");
  }

  /** The names of what could be run, in alphabetical order. */
  private static Set<String> programs(String path, Path directory) {
    Set<String> names = new TreeSet<>();
    for (String folder : path.split(File.pathSeparator)) {
      try (Stream<Path> files = Files.list(directory.resolve(folder))) {
        files
            .filter(file -> runnable(file).isPresent())
            .forEach(file -> names.add(file.getFileName().toString()));
      } catch (IOException | UncheckedIOException e) {
        // A folder that is not there, or not ours to read, has no name to propose.
      }
    }
    return names;
  }

  /**
   * The file that running {@code program} means; empty when there is none.
   *
   * @param path the {@code PATH} to look in; null for none
   */
  public static Optional<Path> find(String program, @Nullable String path, Path directory) {
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
