package dev.rr.build.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images for several platforms under one name. */
class PlatformImagesTest {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final Logins NOBODY = host -> Optional.empty();

  @TempDir Path folder;
  private FakeRegistry registry;

  @BeforeEach
  void start() throws Exception {
    registry = new FakeRegistry();
    registry.manifest(
        "8",
        "{\"manifests\":[%s,%s]}"
            .formatted(base("arm64", ",\"variant\":\"v8\""), base("amd64", "")));
    Files.writeString(Files.createDirectory(folder.resolve("app")).resolve("worker.php"), "<?php");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** Puts a base there; returns how an index tells of it. */
  private String base(String architecture, String variant) {
    String layer = registry.blob(("a layer for " + architecture).getBytes(UTF_8));
    String config =
        registry.blob(
            "{\"architecture\":\"%s\",\"os\":\"linux\"%s,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}"
                .formatted(architecture, variant, architecture)
                .getBytes(UTF_8));
    String manifest =
        registry.manifest(
            architecture,
            "{\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"%s\",\"size\":999},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"%s\",\"size\":99}]}"
                .formatted(config, layer));
    return "{\"digest\":\"%s\",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}"
        .formatted(manifest, architecture);
  }

  private PlatformImages built(String name, String... platforms) throws Exception {
    Path work = Files.createDirectories(folder.resolve(name));
    BaseImages bases =
        BaseImages.find(
            ImageName.parse("rr.base", registry.host() + "/a/php:8"),
            folder.resolve("cache"),
            NOBODY,
            new Retries(time -> {}));
    Layer application =
        Layer.of(folder.resolve("app"), "/app", List.of(), work.resolve("application"));
    List<BuiltImage> all = new ArrayList<>();
    for (String platform : platforms) {
      Path place = Files.createDirectories(work.resolve(platform));
      Path own = Files.createDirectories(place.resolve("java"));
      Files.writeString(own.resolve("java"), "for " + platform);
      Image image = new Image(bases.pull(platform), place);
      image.add(Layer.of(own, "/opt/rr", List.of(), place.resolve("layer")));
      image.add(application);
      all.add(image.build(List.of("/opt/rr/rr"), List.of("serve"), "/app"));
    }
    return PlatformImages.of(all, work.resolve("index"));
  }

  private PlatformImages both(String name) throws Exception {
    return built(name, "linux/amd64", "linux/arm64");
  }

  private long push(PlatformImages images) throws Exception {
    return new Push(
            ImageName.parse("rr.imageTo", registry.host() + "/acme/shop:1.0"),
            NOBODY,
            new Retries(time -> {}))
        .send(images);
  }

  private Path write(PlatformImages images, String name) throws Exception {
    Path file = folder.resolve(name);
    new ImageTar(images, "acme/shop:1.0").write(file);
    return file;
  }

  private static JsonObject json(byte[] text) {
    return JsonParser.parseString(new String(text, UTF_8)).getAsJsonObject();
  }

  private static List<JsonObject> objects(JsonObject of, String key) {
    return of.getAsJsonArray(key).asList().stream().map(JsonElement::getAsJsonObject).toList();
  }

  private static String digest(JsonObject descriptor) {
    return descriptor.get("digest").getAsString();
  }

  @Test
  void theTagIsAnIndexOfAnImageForEachPlatformWhichIsPutLast() throws Exception {
    PlatformImages images = both("pushed");
    assertThat(push(images)).isPositive();
    byte[] pushed = Objects.requireNonNull(registry.manifestOf("acme/shop:1.0"));
    assertThat(FakeRegistry.digest(pushed)).isEqualTo(images.digest());
    assertThat(registry.types).containsEntry("acme/shop:1.0", INDEX);
    JsonObject index = json(pushed);
    assertThat(index.get("mediaType").getAsString()).isEqualTo(INDEX);
    List<JsonObject> manifests = objects(index, "manifests");
    assertThat(manifests)
        .extracting(descriptor -> descriptor.get("platform").toString())
        .containsExactly(
            "{\"architecture\":\"amd64\",\"os\":\"linux\"}",
            "{\"architecture\":\"arm64\",\"os\":\"linux\",\"variant\":\"v8\"}");
    for (JsonObject descriptor : manifests) {
      String name = "acme/shop:" + digest(descriptor);
      assertThat(registry.types).containsEntry(name, MANIFEST);
      byte[] manifest = Objects.requireNonNull(registry.manifestOf(name));
      assertThat(descriptor.get("size").getAsInt()).isEqualTo(manifest.length);
      assertThat(objects(json(manifest), "layers")).hasSize(3);
    }
    assertThat(registry.asked.stream().filter(call -> call.startsWith("PUT /v2/acme/shop/man")))
        .hasSize(3)
        .last()
        .isEqualTo("PUT /v2/acme/shop/manifests/1.0");
  }

  @Test
  void whatIsPushedAgainIsManifestsAlone() throws Exception {
    PlatformImages images = both("pushed");
    assertThat(push(images)).isPositive();
    assertThat(push(images)).isZero();
  }

  @Test
  void eachPlatformIsOnItsOwnBaseAndTheApplicationIsOneLayer() throws Exception {
    long unused = push(both("pushed"));
    JsonObject index = json(Objects.requireNonNull(registry.manifestOf("acme/shop:1.0")));
    List<List<String>> layers = new ArrayList<>();
    for (JsonObject descriptor : objects(index, "manifests")) {
      byte[] manifest = registry.manifestOf("acme/shop:" + digest(descriptor));
      layers.add(
          objects(json(Objects.requireNonNull(manifest)), "layers").stream()
              .map(PlatformImagesTest::digest)
              .toList());
    }
    assertThat(layers.get(0).get(0))
        .isEqualTo(FakeRegistry.digest("a layer for amd64".getBytes(UTF_8)));
    assertThat(layers.get(1).get(0))
        .isEqualTo(FakeRegistry.digest("a layer for arm64".getBytes(UTF_8)));
    assertThat(layers.get(0).get(1)).isNotEqualTo(layers.get(1).get(1));
    assertThat(layers.get(0).get(2)).isEqualTo(layers.get(1).get(2));
  }

  @Test
  void theTarsIndexLeadsToTheImageIndex() throws Exception {
    PlatformImages images = both("images");
    Path out = Files.createDirectory(folder.resolve("out"));
    Process process =
        new ProcessBuilder("tar", "xf", write(images, "image.tar").toString(), "-C", out.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isZero();
    JsonObject top =
        objects(json(Files.readAllBytes(out.resolve("index.json"))), "manifests").get(0);
    assertThat(digest(top)).isEqualTo(images.digest());
    assertThat(top.get("mediaType").getAsString()).isEqualTo(INDEX);
    assertThat(top.getAsJsonObject("annotations").get("io.containerd.image.name").getAsString())
        .isEqualTo("acme/shop:1.0");
    List<String> named = new ArrayList<>(List.of(digest(top)));
    for (JsonObject manifest : objects(json(blob(out, digest(top))), "manifests")) {
      JsonObject image = json(blob(out, digest(manifest)));
      named.add(digest(manifest));
      named.add(digest(image.getAsJsonObject("config")));
      objects(image, "layers").forEach(layer -> named.add(digest(layer)));
    }
    for (String digest : named) {
      assertThat(FakeRegistry.digest(blob(out, digest))).isEqualTo(digest);
    }
    assertThat(out.resolve("blobs/sha256").toFile().list())
        .hasSize((int) named.stream().distinct().count());
    // What Docker's own store reads has no place for platforms.
    assertThat(out.resolve("manifest.json")).doesNotExist();
  }

  private static byte[] blob(Path out, String digest) throws Exception {
    return Files.readAllBytes(out.resolve("blobs/" + digest.replace(':', '/')));
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws Exception {
    assertThat(write(both("two"), "two.tar")).hasSameBinaryContentAs(write(both("one"), "one.tar"));
  }

  @Test
  void aSinglePlatformIsAnImageAndNoIndex() throws Exception {
    PlatformImages images = built("single", "linux/arm64");
    long unused = push(images);
    assertThat(registry.types).containsEntry("acme/shop:1.0", MANIFEST).hasSize(1);
    assertThat(images.digest()).isEqualTo(images.images().get(0).manifest().digest());
  }

  @Test
  void theTagOfTheBaseIsAskedForOnce() throws Exception {
    PlatformImages unused = both("images");
    assertThat(registry.asked).containsOnlyOnce("GET /token");
    assertThat(registry.asked.stream().filter("GET /v2/a/php/manifests/8"::equals))
        .as("without a token, and with one")
        .hasSize(2);
  }

  @Test
  void aPlatformThatTheBaseIsNotMadeForIsNamed() {
    assertThatThrownBy(() -> built("images", "linux/amd64", "linux/s390x"))
        .isInstanceOf(BuildException.class)
        .hasMessage(
            "rr.platform: %s/a/php:8 is not made for linux/s390x; it is for linux/amd64, linux/arm64"
                .formatted(registry.host()));
  }
}
