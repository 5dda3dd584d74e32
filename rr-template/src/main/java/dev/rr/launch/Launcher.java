package dev.rr.launch;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The main class of the packed file. On Java 25 or newer it calls the server; on an older one,
 * reached by {@code java -jar rr}, it runs the file again with a newer Java that it finds, or says
 * what is missing.
 */
public final class Launcher {
  private static final String MAIN = "dev.rr.assembly.RrMain";
  private static final String FILE = "rr.file";

  private Launcher() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws Throwable {
    String path = System.getProperty("java.class.path", "");
    if (System.getProperty(FILE) == null && new File(path).isFile()) {
      System.setProperty(FILE, path);
    }
    if (Jdks.major(System.getProperty("java.specification.version", "")) >= Jdks.NEEDED) {
      call(arguments);
    } else {
      System.exit(again(new File(path), arguments));
    }
  }

  private static void call(String[] arguments) throws Throwable {
    try {
      Class.forName(MAIN).getMethod("main", String[].class).invoke(null, (Object) arguments);
    } catch (ClassNotFoundException e) {
      System.err.println("rr: this jar holds no assembly; build one with mvn rr:build");
      System.exit(1);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static int again(File file, String[] arguments) throws IOException, InterruptedException {
    Jdks jdks = new Jdks(System.getenv());
    File home = jdks.find();
    if (home == null || !file.isFile()) {
      System.err.println(jdks.complaint());
      return 1;
    }
    ProcessBuilder builder = new ProcessBuilder(command(file, home, arguments)).inheritIO();
    builder.environment().put("RR_JAVA", home.getPath());
    return await(builder.start());
  }

  private static List<String> command(File file, File home, String[] arguments) throws IOException {
    List<String> command = new ArrayList<String>();
    if (script(file) && File.separatorChar == '/') {
      command.add("/bin/sh");
    } else {
      command.addAll(
          Arrays.asList(
              new File(home, "bin/java").getPath(),
              "-XX:+UseSerialGC",
              "-XX:+ExitOnOutOfMemoryError",
              "-jar"));
    }
    command.add(file.getPath().contains("/") ? file.getPath() : "./" + file.getPath());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** Whether the jar has the shell preamble in front. */
  private static boolean script(File file) throws IOException {
    InputStream in = new FileInputStream(file);
    try {
      return in.read() == '#' && in.read() == '!';
    } finally {
      in.close();
    }
  }

  /**
   * Waits for the server; a signal to this JVM becomes one to the server, whose exit code is taken
   * over.
   */
  private static int await(final Process server) throws InterruptedException {
    Thread forward =
        new Thread("rr-launcher-stop") {
          @Override
          public void run() {
            Launcher.stop(server);
          }
        };
    Runtime.getRuntime().addShutdownHook(forward);
    int code = server.waitFor();
    Runtime.getRuntime().halt(code);
    return code;
  }

  private static void stop(Process server) {
    server.destroy();
    try {
      // The server bounds its own stop by its grace period; this is only for one that is stuck.
      if (server.waitFor(1, TimeUnit.HOURS)) {
        Runtime.getRuntime().halt(server.exitValue());
      }
      server.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
