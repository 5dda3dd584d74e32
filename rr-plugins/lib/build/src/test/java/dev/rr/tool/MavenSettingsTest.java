package dev.rr.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rr.build.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession.CloseableSession;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.supplier.RepositorySystemSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MavenSettingsTest {
  @TempDir Path folder;

  private MavenSettings read(String inner) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("settings.xml"),
            "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.0.0\">" + inner + "</settings>");
    return MavenSettings.read(file, MavenSettings.variables(Map.of("SECRET", "s3cret")));
  }

  @Test
  void mirrorsServersProxiesAndTheLocalRepositoryAreRead() throws Exception {
    MavenSettings settings =
        read(
            """
            <localRepository>/var/repository</localRepository>
            <mirrors><mirror><id>m</id><url>https://m.example</url><mirrorOf>*</mirrorOf></mirror></mirrors>
            <servers><server><id>m</id><username>me</username><password>${env.SECRET}</password></server></servers>
            <proxies>
              <proxy><active>false</active><host>off</host></proxy>
              <proxy><host>proxy.example</host><port>3128</port><nonProxyHosts>*.local</nonProxyHosts></proxy>
            </proxies>
            """);
    assertThat(settings.localRepository()).contains("/var/repository");
    assertThat(settings.mirrors())
        .containsExactly(new MavenSettings.Mirror("m", "https://m.example", "*", false));
    assertThat(settings.servers()).containsExactly(new MavenSettings.Server("m", "me", "s3cret"));
    assertThat(settings.servers().toString()).doesNotContain("s3cret");
    assertThat(settings.proxies())
        .containsExactly(new MavenSettings.Proxy("http", "proxy.example", 3128, "", "", "*.local"));
  }

  @Test
  void repositoriesOfActiveProfilesAreRead() throws Exception {
    MavenSettings settings =
        read(
            """
            <profiles>
              <profile><id>on</id><repositories><repository><id>a</id><url>file:///a</url>
                <snapshots><enabled>false</enabled></snapshots></repository></repositories></profile>
              <profile><id>off</id><repositories><repository><id>b</id><url>file:///b</url>
                </repository></repositories></profile>
            </profiles>
            <activeProfiles><activeProfile>on</activeProfile></activeProfiles>
            """);
    assertThat(settings.repositories())
        .containsExactly(new MavenSettings.Repository("a", "file:///a", true, false));
    assertThat(Repositories.remote(Map.of("named", "file:///n"), settings))
        .extracting(RemoteRepository::getId)
        .containsExactly("named", "a", "central");
  }

  @Test
  void aMirrorStandsForTheCentralRepository() throws Exception {
    MavenSettings settings =
        read(
            "<mirrors><mirror><id>m</id><url>https://m.example</url><mirrorOf>central</mirrorOf></mirror></mirrors>");
    try (RepositorySystem system = new RepositorySystemSupplier().get();
        CloseableSession session =
            Repositories.session(system, settings, folder.resolve("local"), true)) {
      List<RemoteRepository> all =
          system.newResolutionRepositories(session, Repositories.remote(Map.of(), settings));
      assertThat(all).extracting(RemoteRepository::getUrl).containsExactly("https://m.example");
    }
  }

  @Test
  void noFileSaysNothing() throws Exception {
    assertThat(MavenSettings.read(folder.resolve("none"), name -> name))
        .isEqualTo(MavenSettings.EMPTY);
  }

  @Test
  void anEncryptedPasswordIsSaidToBeMavens() throws Exception {
    MavenSettings settings =
        read(
            "<servers><server><id>s</id><username>me</username><password>{abc=}</password></server></servers>");
    try (RepositorySystem system = new RepositorySystemSupplier().get()) {
      assertThatThrownBy(
              () -> Repositories.session(system, settings, folder.resolve("local"), true))
          .isInstanceOf(BuildException.class)
          .hasMessageContaining("server s")
          .hasMessageNotContaining("abc");
    }
  }
}
