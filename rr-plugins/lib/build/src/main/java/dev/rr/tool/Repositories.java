package dev.rr.tool;

import dev.rr.build.BuildException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.RepositorySystemSession.SessionBuilder;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.Proxy;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.supplier.SessionBuilderSupplier;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;

/** Sets the resolver up as Maven's settings say. */
final class Repositories {
  private static final String CENTRAL = "https://repo.maven.apache.org/maven2";
  private static final RepositoryPolicy NEVER =
      new RepositoryPolicy(
          false, RepositoryPolicy.UPDATE_POLICY_NEVER, RepositoryPolicy.CHECKSUM_POLICY_WARN);
  private static final RepositoryPolicy DAILY =
      new RepositoryPolicy(
          true, RepositoryPolicy.UPDATE_POLICY_DAILY, RepositoryPolicy.CHECKSUM_POLICY_FAIL);

  private Repositories() {}

  /** A session over a local repository; closed by the caller. */
  static CloseableSession session(
      RepositorySystem system, MavenSettings settings, Path local, boolean offline)
      throws BuildException {
    DefaultMirrorSelector mirrors = new DefaultMirrorSelector();
    settings
        .mirrors()
        .forEach(
            m -> mirrors.add(m.id(), m.url(), "default", false, m.blocked(), m.of(), "default"));
    DefaultAuthenticationSelector authentications = new DefaultAuthenticationSelector();
    for (MavenSettings.Server server : settings.servers()) {
      if (!server.user().isEmpty()) {
        authentications.add(
            server.id(), authentication("server " + server.id(), server.user(), server.password()));
      }
    }
    DefaultProxySelector proxies = new DefaultProxySelector();
    for (MavenSettings.Proxy p : settings.proxies()) {
      Proxy proxy =
          p.user().isEmpty()
              ? new Proxy(p.protocol(), p.host(), p.port())
              : new Proxy(
                  p.protocol(),
                  p.host(),
                  p.port(),
                  authentication("proxy " + p.host(), p.user(), p.password()));
      proxies.add(proxy, p.nonProxyHosts());
    }
    SessionBuilder builder = new SessionBuilderSupplier(system).get();
    return builder
        .withLocalRepositoryBaseDirectories(local)
        // Profiles of poms are switched on by them, as in Maven.
        .setSystemProperties(System.getProperties())
        .setOffline(offline)
        .setMirrorSelector(mirrors)
        .setAuthenticationSelector(authentications)
        .setProxySelector(proxies)
        .build();
  }

  private static Authentication authentication(String who, String user, String password)
      throws BuildException {
    if (password.startsWith("{") && password.endsWith("}")) {
      throw new BuildException(
          who
              + " has a password that Maven has encrypted, which only Maven can read: use mvn"
              + " rr:build, or --settings with a file whose password is ${env.NAME}");
    }
    return new AuthenticationBuilder().addUsername(user).addPassword(password).build();
  }

  /**
   * Where artifacts are looked for, in this order: those named, those of the settings, the central
   * one.
   *
   * @param named URLs by id
   */
  static List<RemoteRepository> remote(Map<String, String> named, MavenSettings settings) {
    List<RemoteRepository> all = new ArrayList<>();
    named.forEach((id, url) -> all.add(repository(id, url, true, true)));
    settings
        .repositories()
        .forEach(r -> all.add(repository(r.id(), r.url(), r.releases(), r.snapshots())));
    if (all.stream().noneMatch(r -> r.getId().equals("central"))) {
      all.add(repository("central", CENTRAL, true, false));
    }
    return all;
  }

  private static RemoteRepository repository(
      String id, String url, boolean releases, boolean snapshots) {
    return new RemoteRepository.Builder(id, "default", url)
        .setReleasePolicy(releases ? DAILY : NEVER)
        .setSnapshotPolicy(snapshots ? DAILY : NEVER)
        .build();
  }
}
