package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Lock;
import dev.rr.build.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes the file again, beside the one that is there, and fails unless the inputs, the new file and
 * the one that is there are those of {@code rr.lock}, byte for byte.
 */
@NullUnmarked
@Mojo(name = "verify", requiresProject = false, threadSafe = true)
public final class VerifyMojo extends AssemblyMojo {
  /** Made by Maven. */
  public VerifyMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    if (!Files.exists(lockFile())) {
      throw new BuildException("there is no " + lockFile() + "; mvn rr:lock writes it");
    }
    Lock lock = Lock.read(lockFile());
    Plan plan = plan();
    requireLocked(plan);
    Path folder = Files.createTempDirectory("rr-verify");
    try {
      Path again = folder.resolve("rr");
      assemble(plan, again, folder.resolve("assembly"), false, new Timer());
      List<String> problems = new ArrayList<>();
      lock.outputDifference(Lock.sha256(again), plan.jdkVersion())
          .ifPresent(text -> problems.add(lockFile() + ": " + text));
      Path output = output().toPath();
      if (Files.exists(output) && !Lock.sha256(output).equals(lock.output())) {
        problems.add(
            "%s has the sha256 %s, locked is %s"
                .formatted(output, Lock.sha256(output), lock.output()));
      }
      if (!problems.isEmpty()) {
        throw new BuildException(problems);
      }
      getLog().info("%s holds: %s".formatted(lockFile(), lock.output()));
    } finally {
      Folders.delete(folder);
    }
  }
}
