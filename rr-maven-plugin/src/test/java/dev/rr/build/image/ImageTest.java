package dev.rr.build.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {
  @TempDir Path folder;
  private FakeRegistry registry;
  private final List<Duration> waits = new ArrayList<>();
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
            "{\"schemaVersion\":2,\"config\":{\"mediaType\":\"application/vnd.docker.container.image.v1+json\",\"digest\":\"%s\",\"size\":1000},\"layers\":[{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"digest\":\"%s\",\"size\":19}]}"
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
    return BaseImages.find(
            ImageName.parse("rr.base", registry.host() + "/a/php:8"),
            folder.resolve("cache"),
            new DockerLogins(folder, name -> folder.resolve(name).toString()),
            new Retries(waits::add))
        .pull(platform);
  }

  private PlatformImages built(String name) throws Exception {
    Path work = Files.createDirectories(folder.resolve(name + "-work"));
    Image image = new Image(base("linux/arm64"), work);
    image.add(Layer.of(folder.resolve("app"), "/srv/app", List.of(".git"), work.resolve("layer")));
    return PlatformImages.of(
        List.of(image.build(List.of("/opt/rr/rr"), List.of("serve"), "/srv/app")),
        work.resolve("index"));
  }

  private Path write(String output) throws Exception {
    Path file = folder.resolve(output);
    new ImageTar(built(output), "acme/shop:1.0").write(file);
    return file;
  }

  private long push(PlatformImages image) throws Exception {
    return new Push(
            ImageName.parse("rr.imageTo", registry.host() + "/acme/shop:1.0"),
            new DockerLogins(folder, name -> folder.resolve(name).toString()),
            new Retries(waits::add))
        .send(image);
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
        .containsExactly("GET /v2/a/php/manifests/8", "GET /token", "GET /v2/a/php/manifests/8");
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
  @ValueSource(
      strings = {
        "",
        "/token",
        "no address",
        "file:///etc/passwd",
        "http://a_b/token",
        "http://x{y}/token",
        "http://127.0.0.1:70000/token"
      })
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
        .hasMessageEndingWith("/a/php:8: localhost cannot be asked: it takes no connection");
    registry.realm = "http://nowhere.invalid/token";
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith(
            "/a/php:8: nowhere.invalid cannot be asked: its name leads to no address from here");
  }

  @Test
  void theLoginThatDockerKeepsIsTold() throws Exception {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"%s\": {\"auth\": \"dTpw\"}}}".formatted(registry.host()));
    BaseImage unused = base("linux/arm64");
    assertThat(registry.logins).containsExactly("Basic dTpw");
  }

  @Test
  void aLoginThatAHelperKeepsIsTold() throws Exception {
    Path helper = folder.resolve("docker-credential-safe");
    Files.writeString(
        helper,
        "#!/bin/sh\nread -r host\n[ \"$1 $host\" = 'get %s' ] || exit 1\necho '{\"Username\":\"u\",\"Secret\":\"p\"}'\n"
            .formatted(registry.host()));
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("config.json"), "{\"credsStore\": \"safe\"}");
    BaseImage unused = base("linux/arm64");
    assertThat(registry.logins).containsExactly("Basic dTpw");
  }

  @Test
  void whereAHelperKeepsNoLoginNobodyAsks() throws Exception {
    Path helper = folder.resolve("docker-credential-safe");
    Files.writeString(
        helper, "#!/bin/sh\nread -r host\necho credentials not found in native keychain\nexit 1\n");
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("config.json"), "{\"credsStore\": \"safe\"}");
    BaseImage unused = base("linux/arm64");
    assertThat(registry.logins).containsExactly("null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo '{\"Username\":\"u\",\"Secret\":\"p4ss\"}'",
        "printf 'Username: u\\nSecret: p4ss\\n'",
        "echo; printf '\\033[2J{\"Secret\":\"p4ss'"
      })
  void whatAHelperSaysThatFailsIsNotTold(String says) throws Exception {
    Path helper = folder.resolve("docker-credential-safe");
    Files.writeString(helper, "#!/bin/sh\nread -r host\n" + says + "\nexit 1\n");
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Path file = Files.writeString(folder.resolve("config.json"), "{\"credsStore\": \"safe\"}");
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessage("docker-credential-safe, named in %s, failed for %s", file, registry.host());
  }

  @Test
  void whyAHelperFailsIsToldInALine() throws Exception {
    Path helper = folder.resolve("docker-credential-safe");
    Files.writeString(helper, "#!/bin/sh\nread -r host\nprintf 'no\\033[2J key\\n'\nexit 1\n");
    assertThat(helper.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("config.json"), "{\"credsStore\": \"safe\"}");
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith(registry.host() + ": no [2J key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"a-token\"", "[\"a-token\"]", "{", "[[[[", ""})
  void whatIsNoObjectIsNotQuoted(String manifest) {
    registry.manifest("8", manifest);
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith("/a/php:8 gave what is no JSON object");
  }

  @Test
  void aTypeIsToldInALineThatEnds() {
    registry.manifest("8", "{\"mediaType\":\"\\u001b[2J%s\"}".formatted("x".repeat(100_000)));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .message()
        .hasSizeLessThan(500)
        .doesNotContain("\u001b");
  }

  @Test
  void aHelperThatIsNotThereIsAnErrorThatNamesItAndTheFile() throws Exception {
    Path file = Files.writeString(folder.resolve("config.json"), "{\"credsStore\": \"desktop\"}");
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageStartingWith(file + " names docker-credential-desktop, which cannot be started");
  }

  @Test
  void anIdentityTokenIsSentAsOAuthHasIt() throws Exception {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"https://%s/v1/\": {\"identitytoken\": \"a+b\"}}}"
            .formatted(registry.host()));
    BaseImage unused = base("linux/arm64");
    assertThat(registry.logins)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("grant_type=refresh_token")
        .endsWith("&refresh_token=a%2Bb");
  }

  @Test
  void aTokenThatIsNotTakenIsAnErrorAndNoLoop() throws Exception {
    registry.takesTokens = false;
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("/a/php:8 asks for a login; docker login " + registry.host());
    Path file =
        Files.writeString(
            folder.resolve("config.json"),
            "{\"auths\": {\"%s\": {\"auth\": \"dTpw\"}}}".formatted(registry.host()));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("the login of " + file + " is not taken for pull");
    assertThat(registry.scopes).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "http://[", "ftp://host/a", "http:///a"})
  void aRedirectThatLeadsNowhereIsAnErrorThatShowsIt(String location) {
    registry.elsewhere = location;
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining(
            "127.0.0.1 sends one on to \"" + location + "\", which is no address");
  }

  @Test
  void redirectsInACircleEnd() {
    registry.elsewhere = "/v2/a/php/blobs/again%s";
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("/a/php:8");
    assertThat(registry.asked).hasSizeLessThan(12);
  }

  @Test
  void aBlobThatBreaksOffIsAskedForAgainAndThenAnError() {
    registry.truncated = 3;
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("127.0.0.1 broke off")
        .hasMessageEndingWith("; tried 5 times");
    assertThat(waits).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L);
    assertThat(folder.resolve("cache")).isDirectoryNotContaining("glob:**/blob*");
  }

  @Test
  void aBlobThatIsLongerThanItsDescriptionIsNotReadToItsEnd() {
    layer = registry.blob(new byte[100_000]);
    String config =
        registry.blob("{\"rootfs\":{\"diff_ids\":[]}}".getBytes(StandardCharsets.UTF_8));
    registry.manifest(
        "8",
        "{\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"%s\",\"size\":99},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":19}]}"
            .formatted(config, layer));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageContaining("127.0.0.1 says too much: the answer is longer than 19 bytes");
  }

  @Test
  void aRegistryThatIsBusyIsAskedAgain() throws Exception {
    registry.ill.put("manifests", new ArrayList<>(List.of(503, 429)));
    BaseImage unused = base("linux/arm64");
    assertThat(waits).hasSize(2);
  }

  @Test
  void whatARegistryRefusesIsToldInItsWords() {
    registry.ill.put("manifests", new ArrayList<>(List.of(403)));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith("/a/php:8: 127.0.0.1 answered 403: DENIED not you");
    assertThat(waits).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schemaVersion\":1,\"fsLayers\":[]}",
        "{\"mediaType\":\"application/x-other\"}",
        "{\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\"sha256:1\",\"size\":1},\"layers\":[]}"
      })
  void aTypeThatIsNotKnownIsAnErrorThatNamesIt(String manifest) {
    registry.manifest("8", manifest);
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageMatching(
            ".*/a/php:8 has a (manifest|part) of the type \".+\", which is not known here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"config\":[],\"layers\":{}}",
        "{\"manifests\":[1]}",
        "{\"manifests\":[{\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}}]}"
      })
  void aManifestThatSaysTooLittleIsAnErrorThatNamesWhatIsMissing(String manifest) {
    registry.manifest("8", manifest);
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageMatching(".*/a/php:8 gave a description without (config|manifests|digest)");
  }

  @Test
  void aConfigurationThatIsNoTextOfItsSizeIsNotFetched() {
    registry.manifest(
        "8",
        """
        {"config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 4194305,
          "digest": "sha256:%s"}, "layers": []}
        """
            .formatted("0".repeat(64)));
    assertThatThrownBy(() -> base("linux/arm64"))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith(" has a configuration of 4194305 bytes; 4194304 are allowed");
    assertThat(registry.asked).noneMatch(call -> call.contains("/blobs/"));
  }

  @Test
  void aFullDiskIsToldAtOnceAndNotTakenForARegistryThatBrokeOff() throws Exception {
    ImageName name = ImageName.parse("rr.base", registry.host() + "/a/php:8");
    RegistryClient client =
        new RegistryClient(name, "pull", Optional.empty(), new Retries(waits::add));
    RegistryClient.Call call =
        new RegistryClient.Call(
            "GET",
            client.uri("/blobs/" + layer),
            Map.of(),
            HttpRequest.BodyPublishers.noBody(),
            Path.of("/dev/full"),
            1 << 20);
    assertThatThrownBy(() -> client.ask(call, 200))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith(": /dev/full cannot be written: No space left on device");
    assertThat(waits).isEmpty();
  }

  @Test
  void aFileThatIsNoImageIsNotReplacedByOne() throws Exception {
    Path pom = Files.writeString(folder.resolve("pom.xml"), "<project/>");
    for (Path there : List.of(pom, folder)) {
      assertThatThrownBy(() -> ImageTar.requireReplaceable("rr.image", there))
          .isInstanceOf(BuildException.class)
          .hasMessageStartingWith("rr.image: " + there + " is ");
    }
    ImageTar.requireReplaceable("rr.image", write("image.tar"));
    ImageTar.requireReplaceable("rr.image", folder.resolve("absent"));
  }

  @Test
  void anImageIsPushedOnceAndThenOnlyItsManifest() throws Exception {
    PlatformImages image = built("pushed");
    assertThat(push(image)).isPositive();
    assertThat(registry.types)
        .containsEntry("acme/shop:1.0", "application/vnd.oci.image.manifest.v1+json");
    byte[] manifest = Objects.requireNonNull(registry.manifestOf("acme/shop:1.0"));
    assertThat(FakeRegistry.digest(manifest)).isEqualTo(image.digest());
    assertThat(registry.scopes).contains("repository:acme/shop:pull,push");
    assertThat(registry.asked).doesNotContain("PUT /v2/acme/shop/blobs/uploads/" + layer);
    int before = registry.asked.size();
    assertThat(push(image)).isZero();
    assertThat(registry.asked.subList(before, registry.asked.size()))
        .noneMatch(call -> call.contains("uploads"));
  }

  @Test
  void anUploadThatFailsBeginsAgain() throws Exception {
    PlatformImages image = built("pushed");
    registry.ill.put("uploads/1", new ArrayList<>(List.of(500, 502)));
    assertThat(push(image)).isPositive();
    assertThat(waits).hasSize(2);
    assertThat(registry.types).containsKey("acme/shop:1.0");
  }

  @Test
  void aPartThatHasChangedSinceItWasMadeIsRefused() throws Exception {
    PlatformImages image = built("pushed");
    Files.writeString(image.images().get(0).config().file(), "{}");
    assertThatThrownBy(() -> push(image))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith("127.0.0.1 answered 400: DIGEST_INVALID");
  }

  @Test
  void aSignatureInAnAddressIsNotTold() throws Exception {
    PlatformImages image = built("pushed");
    registry.uploads = "ftp://user:p4ss@store/up?signature=s3cret";
    assertThatThrownBy(() -> push(image))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith("takes uploads at \"ftp://store/up\", which is no address");
  }

  @Test
  void aPlaceForUploadsThatIsNoneIsAnErrorThatShowsIt() throws Exception {
    PlatformImages image = built("pushed");
    registry.uploads = "http://[";
    assertThatThrownBy(() -> push(image))
        .isInstanceOf(BuildException.class)
        .hasMessageEndingWith("takes uploads at \"http://[\", which is no address");
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
