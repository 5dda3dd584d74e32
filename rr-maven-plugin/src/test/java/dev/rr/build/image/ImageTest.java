package dev.rr.build.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
  @TempDir Path folder;
  private FakeRegistry registry;
  private String layer = "";

  @BeforeEach
  void start() throws Exception {
    registry = new FakeRegistry();
    layer = registry.blob("a layer of the base".getBytes(StandardCharsets.UTF_8));
    String config =
        registry.blob(
            ("{\"architecture\":\"arm64\",\"os\":\"linux\",\"config\":{\"Env\":[\"A=b\"],"
                 + "\"Cmd\":[\"php\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:1\"]},"
                 + "\"history\":[{\"created_by\":\"base\"}]}")
                .getBytes(StandardCharsets.UTF_8));
    String manifest =
        registry.manifest(
            "arm",
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"digest\":\"%s\"},\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"digest\":\"%s\"}]}"
                .formatted(config, layer));
    registry.manifest(
        "8",
        "{\"manifests\":[{\"digest\":\"sha256:0\",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}},{\"digest\":\"%s\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}}]}"
            .formatted(manifest));
    Path app = Files.createDirectories(folder.resolve("app/sub"));
    Files.writeString(app.resolve("worker.php"), "<?php");
    Files.createDirectories(folder.resolve("app/.git"));
    Files.createSymbolicLink(folder.resolve("app/link"), Path.of("sub/worker.php"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private BaseImage base(String platform) throws Exception {
    return BaseImage.pull(
        ImageName.parse("rr.base", registry.host() + "/a/php:8"),
        platform,
        folder.resolve("cache"),
        folder);
  }

  private Path write(String output) throws Exception {
    Path work = Files.createDirectories(folder.resolve(output + "-work"));
    Image image = new Image(base("linux/arm64"), work);
    image.add(folder.resolve("app"), "/srv/app", List.of(".git"));
    Path file = folder.resolve(output);
    image.write(file, "acme/shop:1.0", List.of("/opt/rr/rr"), List.of("serve"), "/srv/app");
    return file;
  }

  private Path extract(Path tar) throws Exception {
    Path out = Files.createDirectories(folder.resolve(tar.getFileName() + "-out"));
    Process process =
        new ProcessBuilder("tar", "xf", tar.toString(), "-C", out.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    return out;
  }

  private static JsonElement json(Path file) throws Exception {
    return JsonParser.parseString(Files.readString(file));
  }

  private static Path blob(Path out, JsonObject descriptor) {
    return out.resolve("blobs/" + descriptor.get("digest").getAsString().replace(':', '/'));
  }

  @Test
  void anImageIsTheBaseWithTheFoldersOnTop() throws Exception {
    Path out = extract(write("image.tar"));
    JsonObject index = json(out.resolve("index.json")).getAsJsonObject();
    JsonObject top = index.getAsJsonArray("manifests").get(0).getAsJsonObject();
    assertThat(top.getAsJsonObject("annotations").get("org.opencontainers.image.ref.name"))
        .hasToString("\"1.0\"");
    JsonObject manifest = json(blob(out, top)).getAsJsonObject();
    JsonObject first = manifest.getAsJsonArray("layers").get(0).getAsJsonObject();
    assertThat(first.get("digest").getAsString()).isEqualTo(layer);
    assertThat(first.get("mediaType").getAsString())
        .isEqualTo("application/vnd.oci.image.layer.v1.tar+gzip");
    JsonObject second = manifest.getAsJsonArray("layers").get(1).getAsJsonObject();
    JsonObject config = json(blob(out, manifest.getAsJsonObject("config"))).getAsJsonObject();
    assertThat(config.getAsJsonObject("config"))
        .hasToString(
            "{\"Env\":[\"A=b\"],\"Cmd\":[\"serve\"],\"Entrypoint\":[\"/opt/rr/rr\"],\"WorkingDir\":\"/srv/app\"}");
    Path files = Files.createDirectories(folder.resolve("files"));
    Path tar = blob(out, second);
    assertThat(second.get("size").getAsLong()).isEqualTo(Files.size(tar));
    byte[] packed = Files.readAllBytes(tar);
    assertThat(FakeRegistry.digest(packed)).isEqualTo(second.get("digest").getAsString());
    byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    assertThat(config.getAsJsonObject("rootfs").getAsJsonArray("diff_ids"))
        .hasToString("[\"sha256:1\",\"" + FakeRegistry.digest(unpacked) + "\"]");
    assertThat(
            new ProcessBuilder("tar", "xf", tar.toString(), "-C", files.toString())
                .start()
                .waitFor())
        .isZero();
    assertThat(files.resolve("srv/app/link")).hasContent("<?php");
    assertThat(files.resolve("srv/app/.git")).doesNotExist();
    assertThat(json(out.resolve("manifest.json")).getAsJsonArray().get(0).getAsJsonObject())
        .extracting(image -> image.get("RepoTags").toString())
        .isEqualTo("[\"acme/shop:1.0\"]");
  }

  @Test
  void theSameFilesGiveTheSameBytesAndBlobsAreFetchedOnce() throws Exception {
    Path one = write("one.tar");
    Files.setLastModifiedTime(folder.resolve("app/sub/worker.php"), FileTime.fromMillis(1_000_000));
    int before = registry.asked.size();
    assertThat(write("two.tar")).hasSameBinaryContentAs(one);
    assertThat(registry.asked.subList(before, registry.asked.size()))
        .containsExactly("/v2/a/php/manifests/8", "/token", "/v2/a/php/manifests/8");
  }

  @Test
  void aPlatformThatTheBaseIsNotMadeForIsAnErrorWithThoseItIsFor() {
    assertThatThrownBy(() -> base("linux/s390x"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("is not made for linux/s390x; it is for linux/amd64, linux/arm64");
  }

  @Test
  void aBlobThatIsNotWhatItsDigestSaysIsRefused() {
    registry.spoil(layer);
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining(layer + " came with the digest sha256:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/token", "no address"})
  void aRegistryWhoseTokensAreGivenNowhereIsAnErrorThatNamesIt(String realm) {
    registry.realm = realm;
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("/a/php:8 asks for a token of \"" + realm + "\"");
  }

  @Test
  void aPlaceForTokensThatDoesNotAnswerIsNamed() throws Exception {
    try (ServerSocket closed = new ServerSocket(0)) {
      registry.realm = "http://localhost:" + closed.getLocalPort() + "/token";
    }
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("/a/php:8: localhost cannot be asked");
  }

  @Test
  void theLoginThatDockerKeepsIsTold() throws Exception {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"%s\": {\"auth\": \"dTpw\"}}}".formatted(registry.host()));
    BaseImage unused = base("linux/arm64");
    assertThat(registry.logins).containsExactly("Basic dTpw");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[\"secret\"]",
        "{\"auths\": 1}",
        "{\"auths\": {\"%s\": {\"auth\": \"?secret\"}}}"
      })
  void loginsThatCannotBeReadAreAnErrorThatNamesTheFileAndNoPassword(String content)
      throws Exception {
    Path file =
        Files.writeString(folder.resolve("config.json"), content.replace("%s", registry.host()));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageNotContaining("secret");
  }
}
