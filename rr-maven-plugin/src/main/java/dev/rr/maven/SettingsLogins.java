package dev.rr.maven;

import dev.rr.build.image.Login;
import dev.rr.build.image.Logins;
import java.util.List;
import java.util.Optional;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.repository.Authentication;
import org.eclipse.aether.repository.AuthenticationContext;
import org.eclipse.aether.repository.RemoteRepository;

/** Those of the servers in Maven's settings, whose ids are names of registries. */
record SettingsLogins(RepositorySystemSession session) implements Logins {
  @Override
  public Optional<Login> find(String host) {
    for (String id : host.equals(HUB) ? List.of("docker.io", HUB) : List.of(host)) {
      Optional<Login> found = of(id);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  // Through the resolver, which has decrypted the passwords.
  private Optional<Login> of(String id) {
    RemoteRepository.Builder asked =
        new RemoteRepository.Builder(id, "default", "https://" + id + "/");
    Authentication found = session.getAuthenticationSelector().getAuthentication(asked.build());
    if (found == null) {
      return Optional.empty();
    }
    try (AuthenticationContext context =
        AuthenticationContext.forRepository(session, asked.setAuthentication(found).build())) {
      String user = context.get(AuthenticationContext.USERNAME);
      String password = context.get(AuthenticationContext.PASSWORD);
      return user == null || password == null
          ? Optional.empty()
          : Optional.of(new Login(user, password, "the server " + id + " in settings.xml"));
    }
  }
}
