package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Folders;
import dev.rr.build.Versions;
import dev.rr.build.assemble.Plan;
import dev.rr.build.image.BaseImage;
import dev.rr.build.image.BaseImages;
import dev.rr.build.image.BuiltImage;
import dev.rr.build.image.DockerLogins;
import dev.rr.build.image.Image;
import dev.rr.build.image.ImageName;
import dev.rr.build.image.ImageTar;
import dev.rr.build.image.Layer;
import dev.rr.build.image.Logins;
import dev.rr.build.image.PlatformImages;
import dev.rr.build.image.Push;
import dev.rr.build.image.Retries;
import dev.rr.build.image.TargetPlatform;
import dev.rr.build.jdk.JavaRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Makes a container image without a container engine: a base image with PHP in it, a Java of the
 * modules that are used, the file, and the application. Pushes it to a registry, or writes one tar,
 * an OCI image layout that {@code docker load}, {@code podman load} and {@code skopeo copy} take.
 * For several platforms it is an index of an image for each. The same base, file and application
 * give the same bytes. Makes the file first.
 */
@NullUnmarked
@Mojo(name = "image", requiresProject = false, threadSafe = true)
public final class ImageMojo extends AssemblyMojo {
  private static final String HOME = "/opt/rr";
  private static final String APPLICATION = "/app";

  /** What the image is put on; its C library has to be that of the JDK, which is glibc mostly. */
  @Parameter(property = "rr.base", defaultValue = "php:8.4-cli")
  private String base;

  /** By what name the image is loaded; the project's name and version unless said. */
  @Parameter(property = "rr.imageName")
  private String imageName;

  /**
   * Where the image is pushed to, as {@code registry.example.com/shop:1.0}, and its name; nowhere
   * unless said. The login is that of a server with the registry's name as its id in Maven's
   * settings, or that of {@code docker login}.
   */
  @Parameter(property = "rr.imageTo")
  private String imageTo;

  /**
   * The tar to write; {@code rr-image.tar} beside the file unless said, and none when the image is
   * pushed.
   */
  @Parameter(property = "rr.image")
  private File image;

  /** The folder of the application, which goes to {@code /app}; none unless said. */
  @Parameter(property = "rr.app")
  private File app;

  /**
   * What the image is for, as {@code linux/arm64}; Linux on this machine's processor unless said.
   * Of several, with commas between, the image is an index.
   */
  @Parameter(property = "rr.platform", defaultValue = "")
  private String platform;

  /**
   * An unpacked JDK 25 of that platform, with its {@code jmods}, when it is another; of several
   * platforms {@code linux/arm64=FOLDER}, with commas between.
   */
  @Parameter(property = "rr.runtimeJdk", defaultValue = "")
  private String runtimeJdk;

  /** Modules of Java that are wanted besides those that the file's classes name. */
  @Parameter(property = "rr.modules")
  private List<String> modules;

  /** Made by Maven. */
  public ImageMojo() {}

  @Override
  void run() throws BuildException, IOException, InterruptedException {
    ImageName from = ImageName.parse("rr.base", base);
    List<TargetPlatform> targets =
        TargetPlatform.parse(text(platform), text(runtimeJdk), folder(), TargetPlatform.own());
    if (app != null && !app.isDirectory()) {
      throw new BuildException("rr.app: %s is no folder".formatted(app));
    }
    Optional<ImageName> to = destination();
    if (to.isEmpty() || image != null) {
      ImageTar.requireReplaceable("rr.image", tar());
    }
    Plan plan = build(false, false);
    Path file = output().toPath().toAbsolutePath();
    Path home = Path.of(System.getProperty("user.home"));
    List<BaseImage> bases = bases(from, targets, home);
    Path work = Files.createTempDirectory(file.getParent(), ".rr-image-");
    try {
      PlatformImages built = images(targets, bases, plan, file, work);
      if (to.isEmpty() || image != null) {
        write(built, tar());
      }
      if (to.isPresent()) {
        push(built, to.get(), home);
      }
    } finally {
      Folders.delete(work);
    }
  }

  /** All of them before the first image is made, as one may be missing. */
  private List<BaseImage> bases(ImageName from, List<TargetPlatform> targets, Path home)
      throws BuildException, IOException, InterruptedException {
    BaseImages found =
        BaseImages.find(from, home.resolve(".cache/rr/blobs"), logins(home), new Retries());
    List<BaseImage> bases = new ArrayList<>();
    for (TargetPlatform target : targets) {
      bases.add(found.pull(target.platform()));
    }
    String digest = bases.size() == 1 ? bases.get(0).digest() : found.digest();
    getLog().info("Base: %s, which is %s".formatted(from, digest));
    return bases;
  }

  private PlatformImages images(
      List<TargetPlatform> targets, List<BaseImage> bases, Plan plan, Path file, Path work)
      throws BuildException, IOException, InterruptedException {
    Optional<Layer> application =
        app == null
            ? Optional.empty()
            : Optional.of(
                Layer.of(
                    app.toPath(), APPLICATION, leftOut(app.toPath(), tar()), work.resolve("app")));
    List<BuiltImage> all = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Path place = Files.createDirectory(work.resolve("image-" + i));
      Path runtime = work.resolve("rr-" + i);
      new JavaRuntime(plan.jdk(), targets.get(i).jdk(), false).make(file, names(modules), runtime);
      Image made = new Image(bases.get(i), place);
      made.add(Layer.of(runtime, HOME, List.of(), place.resolve("layer")));
      application.ifPresent(made::add);
      all.add(made.build(List.of(HOME + "/rr"), List.of("serve"), APPLICATION));
    }
    return PlatformImages.of(all, work.resolve("index"));
  }

  private Path tar() throws BuildException, IOException {
    return image == null ? output().toPath().resolveSibling("rr-image.tar") : image.toPath();
  }

  private void write(PlatformImages built, Path target) throws BuildException, IOException {
    String name = name();
    new ImageTar(built, name).write(target);
    getLog()
        .info(
            "Wrote %s, %.1f MB: %s %s"
                .formatted(target, Files.size(target) / 1e6, name, built.digest()));
  }

  private void push(PlatformImages built, ImageName to, Path home)
      throws BuildException, IOException, InterruptedException {
    long sent = new Push(to, logins(home), new Retries()).send(built);
    getLog().info("Pushed %s: %.1f MB, %s".formatted(to, sent / 1e6, built.digest()));
  }

  private Optional<ImageName> destination() throws BuildException {
    if (imageTo == null || imageTo.isBlank()) {
      return Optional.empty();
    }
    ImageName to = ImageName.parse("rr.imageTo", imageTo.trim());
    if (to.isDigest()) {
      throw new BuildException("rr.imageTo: %s has a digest; a tag is what it needs".formatted(to));
    }
    return Optional.of(to);
  }

  /** Maven's go before Docker's. */
  private Logins logins(Path home) {
    String docker = System.getenv("DOCKER_CONFIG");
    return new SettingsLogins(session().getRepositorySession())
        .or(
            new DockerLogins(
                docker == null || docker.isEmpty() ? home.resolve(".docker") : Path.of(docker)));
  }

  private static String text(String said) {
    return said == null ? "" : said;
  }

  private String name() throws BuildException, IOException {
    if (imageName != null && !imageName.isBlank()) {
      ImageName unused = ImageName.parse("rr.imageName", imageName.trim());
      return imageName.trim();
    }
    if (imageTo != null && !imageTo.isBlank()) {
      return imageTo.trim();
    }
    return hasNoPom()
        ? "rr:" + version(Versions.own())
        : project().getArtifactId().toLowerCase(Locale.ROOT) + ":" + project().getVersion();
  }
}
