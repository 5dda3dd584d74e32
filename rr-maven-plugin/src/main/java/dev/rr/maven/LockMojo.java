package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Timer;
import dev.rr.build.assemble.Plan;
import dev.rr.build.lock.Lock;
import dev.rr.build.lock.UpToDate;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.maven.plugins.annotations.Mojo;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes the file and writes down what it is made of: every jar and pom by its hash, the plugins and
 * their graph, rr, Dagger and the JDK, and the file's own hash. While {@code rr.lock} is there, a
 * build of anything else fails.
 */
@NullUnmarked
@Mojo(name = "lock", requiresProject = false, threadSafe = true)
public final class LockMojo extends AssemblyMojo {
  /** Made by Maven. */
  public LockMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    Lock.requireReplaceable("rr.lockFile", lockFile());
    Timer timer = new Timer();
    Plan plan = planToWrite();
    Path output = output().toPath();
    Path work = work();
    UpToDate upToDate = plan.upToDate(output, work);
    String said = plan.assemble(output, work, false, timer);
    upToDate.keep();
    plan.writeLock(lockFile(), output);
    plan.report(said, output, timer).forEach(getLog()::info);
    getLog().info("Wrote " + lockFile());
  }
}
