package dev.rr.maven;

import dev.rr.build.BuildException;
import dev.rr.build.Versions;
import dev.rr.build.init.Presets;
import dev.rr.build.init.StartingPoint;
import dev.rr.build.resolve.MavenResolver;
import dev.rr.build.select.KnownPlugins;
import dev.rr.build.select.Selection;
import dev.rr.build.select.Selector;
import dev.rr.processor.root.SelectedPlugin;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.NullUnmarked;

/**
 * Writes a {@code pom.xml} whose {@code mvn rr:build} makes the file: with the plugins named, those
 * of a preset, or those that a {@code velox.toml} or a {@code .rr.yaml} asks for, and all that
 * these need.
 */
@NullUnmarked
@Mojo(name = "init", requiresProject = false, threadSafe = true)
public final class InitMojo extends SelectionMojo {
  private static final String PROJECT = "/META-INF/rr/project.xml";

  /** A {@code velox.toml}, or a {@code .rr.yaml}. */
  @Parameter(property = "rr.from")
  private File from;

  /** Made by Maven. */
  public InitMojo() {}

  @Override
  void run() throws BuildException, IOException {
    Path pom = Path.of(session().getExecutionRootDirectory(), "pom.xml");
    Versions versions = Versions.own();
    MavenResolver resolver = resolver(versions);
    StartingPoint start = start(KnownPlugins.read(resolver.catalogue()));
    Selection selection =
        new Selector(resolver, Optional.empty(), versions).select(start.plugins(), true);
    try {
      Files.writeString(pom, text(names(selection), versions), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new BuildException(
          "%s is there already; its property rr.plugins could be %s"
              .formatted(pom, String.join(",", names(selection))));
    }
    start.notes().forEach(getLog()::warn);
    getLog().info("Wrote %s. Next: mvn rr:build, then target/rr serve".formatted(pom));
  }

  private StartingPoint start(KnownPlugins known) throws BuildException, IOException {
    // Those of a pom that is there are no second answer: what it could name is told below.
    List<String> named = from != null && !hasNoPom() ? List.of() : named();
    if ((from == null) == named.isEmpty()) {
      throw new BuildException(
          "say what goes in, in one way: -Drr.preset=%s, -Drr.plugins=…, or -Drr.from= a velox.toml or a .rr.yaml"
              .formatted(String.join("|", new Presets().names())));
    }
    if (from == null) {
      return new StartingPoint(named, List.of());
    }
    return StartingPoint.read(
        Path.of(session().getExecutionRootDirectory()).resolve(from.toPath()), known);
  }

  private static List<String> names(Selection selection) {
    return selection.graph().order().stream()
        .map(SelectedPlugin::coordinates)
        .map(c -> c.startsWith(MavenResolver.GROUP + ":") ? KnownPlugins.shortName(c) : c)
        .sorted()
        .collect(Collectors.toList());
  }

  private static String text(List<String> plugins, Versions versions) throws IOException {
    try (InputStream in = InitMojo.class.getResourceAsStream(PROJECT)) {
      if (in == null) {
        throw new IllegalStateException(PROJECT + " is not in this jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("@PLUGINS@", String.join(",", plugins))
          .replace("@VERSION@", versions.rr());
    }
  }
}
