package dev.rr.build.image;

import dev.rr.build.BuildException;
import java.io.IOException;
import java.util.Optional;

/** Where logins are kept. */
@FunctionalInterface
public interface Logins {
  /** Docker Hub, as {@link ImageName#host} has it. */
  String HUB = "registry-1.docker.io";

  /**
   * The login for a registry; empty when none is kept.
   *
   * @param host with its port if it has one
   */
  Optional<Login> find(String host) throws BuildException, IOException, InterruptedException;

  /** Asks the other where this has none. */
  default Logins or(Logins other) {
    return host -> {
      Optional<Login> found = find(host);
      return found.isPresent() ? found : other.find(host);
    };
  }
}
