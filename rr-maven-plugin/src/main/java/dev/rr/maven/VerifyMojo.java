package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Path folder = Files.createTempDirectory("rr-verify");
    try {
      String hash = plan().verify(lockFile(), output().toPath(), folder);
      getLog().info("%s holds: %s".formatted(lockFile(), hash));
    } finally {
      Folders.delete(folder);
    }
  }
}
