package dev.rr.build.run;

import dev.rr.build.BuildException;
import dev.rr.build.select.Selection;
import java.io.IOException;
import java.nio.file.Path;

/** Says which plugins run, each time that something has changed. */
@FunctionalInterface
public interface DevProject {
  /**
   * Selects.
   *
   * @param classes the module's classes as they are now
   * @throws BuildException with everything that keeps the selection from fitting together
   */
  Selection select(Path classes) throws BuildException, IOException;
}
