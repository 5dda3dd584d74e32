package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Input;
import dev.rr.build.Timer;
import dev.rr.build.select.Selection;
import dev.rr.processor.root.SelectedPlugin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compiles, selects, wires and starts; and does so again whenever a file has changed, until the
 * thread is interrupted or the process ends. What is wrong is told, and the server of before goes
 * on until it is right. One thread.
 */
public final class DevLoop implements Closeable {
  private static final long POLL_MILLIS = 100;

  /** By then a server has started, and what is done in the background disturbs nobody. */
  private static final int QUIET_POLLS = 30;

  private final DevSettings settings;
  private final DevModule module;
  private final LastSelection selections;
  private final Consumer<String> info;
  private final Consumer<String> error;
  private final ResidentCompiler compiler;
  private final ModuleCompiler classes;
  private final ComponentCompiler components;
  private final ClassArchive archive;
  private final List<Path> watched = new ArrayList<>();
  private @Nullable RunningServer server;
  private @Nullable Path running;
  private List<Path> jars = List.of();
  private boolean toldEnd;

  /**
   * Makes one.
   *
   * @param info takes what goes well
   * @param error takes what is wrong, perhaps with several lines
   */
  public DevLoop(
      DevSettings settings,
      DevModule module,
      DevProject project,
      Consumer<String> info,
      Consumer<String> error)
      throws IOException {
    this.settings = settings;
    this.module = module;
    this.selections = new LastSelection(project, settings.watched());
    this.info = info;
    this.error = error;
    Path work = settings.work();
    Folders.delete(work);
    Files.createDirectories(work);
    compiler = new ResidentCompiler(settings.jdk(), work);
    classes = new ModuleCompiler(module, compiler, work);
    components =
        new ComponentCompiler(
            settings.versions(), settings.version(), settings.processors(), compiler, work);
    archive =
        new ClassArchive(
            settings.jdk(), work.resolveSibling(work.getFileName() + "-archive"), work);
    watched.addAll(module.watched());
    watched.addAll(settings.watched());
  }

  /** Runs until the thread is interrupted. */
  public void run() throws IOException, InterruptedException {
    Snapshot seen = Snapshot.of(watched);
    turn();
    while (true) {
      seen = awaitChange(seen);
      turn();
    }
  }

  /** Waits until files have changed and nobody writes them any more. */
  private Snapshot awaitChange(Snapshot seen) throws IOException, InterruptedException {
    Snapshot now = Snapshot.of(watched);
    int quiet = 0;
    while (now.equals(seen)) {
      tellEnd();
      quiet++;
      if (quiet == QUIET_POLLS) {
        archive.make(jars);
      }
      Thread.sleep(POLL_MILLIS);
      now = Snapshot.of(watched);
    }
    Snapshot later = now;
    do {
      now = later;
      Thread.sleep(POLL_MILLIS);
      later = Snapshot.of(watched);
    } while (!later.equals(now));
    return now;
  }

  private void tellEnd() {
    RunningServer current = server;
    if (current != null && !current.isAlive() && !toldEnd) {
      toldEnd = true;
      error.accept(
          "rr ended with %d; it starts again when a file changes".formatted(current.exitValue()));
    }
  }

  /** One compilation and, when all is well, one start. */
  private void turn() throws InterruptedException {
    Timer timer = new Timer();
    try {
      Path compiled = classes.compile(Snapshot.of(module.watched()));
      timer.lap("compile");
      restart(compiled, timer);
    } catch (BuildException e) {
      tell(new Places(module).of(e.problems(), classes.last()));
    } catch (IOException e) {
      // A file that went while it was read, or a compiler that died: the next turn may be better.
      tell(List.of("cannot read or write: " + e));
    }
  }

  private void tell(List<String> problems) {
    problems.forEach(error);
    error.accept(
        server == null
            ? "Nothing runs yet; it is tried again when a file changes"
            : "The server of before goes on; it is tried again when a file changes");
  }

  private void restart(Path compiled, Timer timer)
      throws BuildException, IOException, InterruptedException {
    Selection selection = selections.select(compiled);
    timer.lap("select");
    boolean has = selection.inputs().stream().map(Input::file).anyMatch(compiled::equals);
    Path component = components.compile(selection, has ? Optional.of(compiled) : Optional.empty());
    timer.lap("wire");
    RunningServer before = server;
    if (before != null) {
      before.close();
      archive.ended();
      timer.lap("stop");
    }
    server = start(selection, component);
    toldEnd = false;
    timer.lap("start");
    Path old = running;
    running = compiled;
    if (old != null && !old.equals(compiled)) {
      Folders.delete(old);
    }
    info.accept(
        "%s, with %s; %s"
            .formatted(
                before == null ? "rr runs" : "rr runs again",
                selection.graph().order().stream()
                    .map(SelectedPlugin::id)
                    .collect(Collectors.joining(", ")),
                timer));
  }

  private RunningServer start(Selection selection, Path component) throws IOException {
    // An archive is of what comes first.
    List<Path> all = selection.inputs().stream().map(Input::file).toList();
    jars = all.stream().filter(Files::isRegularFile).toList();
    List<Path> classPath = new ArrayList<>(jars);
    classPath.add(component);
    all.stream().filter(file -> !jars.contains(file)).forEach(classPath::add);
    return RunningServer.start(
        settings.jdk(),
        archive.options(jars),
        classPath,
        settings.arguments(),
        settings.folder(),
        settings.work());
  }

  /** Stops the server and the compiler. */
  @Override
  public void close() throws IOException {
    RunningServer current = server;
    server = null;
    if (current != null) {
      current.close();
    }
    archive.close();
    compiler.close();
  }
}
