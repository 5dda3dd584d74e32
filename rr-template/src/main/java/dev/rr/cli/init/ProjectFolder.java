package dev.rr.cli.init;

import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out what application a folder holds: by its scripts, and by what composer.json requires.
 */
final class ProjectFolder {
  private final Path folder;
  private final Set<String> packages;

  ProjectFolder(Path folder) {
    this.folder = folder;
    this.packages = required(folder.resolve("composer.json"));
  }

  /** The packages of a composer.json; none where it cannot be read. */
  private static Set<String> required(Path file) {
    Set<String> packages = new HashSet<>();
    try {
      if (JsonReader.read(Files.readAllBytes(file), 0) instanceof Map<?, ?> composer) {
        for (String key : List.of("require", "require-dev")) {
          if (composer.get(key) instanceof Map<?, ?> required) {
            required.keySet().forEach(name -> packages.add(String.valueOf(name)));
          }
        }
      }
    } catch (IOException | IllegalArgumentException absentOrBroken) {
      return Set.of();
    }
    return packages;
  }

  private boolean has(String file) {
    return Files.isRegularFile(folder.resolve(file));
  }

  /** The application; the most particular kind goes first. */
  Project project() {
    boolean served = Files.isDirectory(folder.resolve("public"));
    if (has("artisan")) {
      return laravel().serving(served);
    }
    if (packages.contains("spiral/framework") && has("app.php")) {
      return Project.of("a Spiral application", "php app.php").serving(served);
    }
    if (has("bin/console")) {
      return symfony().serving(served);
    }
    for (String script : List.of("psr-worker.php", "worker.php")) {
      if (has(script)) {
        return Project.of("the worker " + script, "php " + script).serving(served);
      }
    }
    return Project.of("a worker that is still to be written", "php worker.php")
        .lacking("write worker.php: " + requires("spiral/roadrunner-http", "nyholm/psr7"));
  }

  private Project laravel() {
    if (packages.contains("roadrunner-php/laravel-bridge")
        || packages.contains("spiral/roadrunner-laravel")) {
      return Project.of("a Laravel application", "php vendor/bin/rr-worker start");
    }
    Project octane =
        Project.of("a Laravel application with Octane", "php vendor/bin/roadrunner-worker")
            .with(Map.of("APP_BASE_PATH", ".", "LARAVEL_OCTANE", "1"));
    return packages.contains("laravel/octane")
        ? octane
        : octane.lacking(requires("laravel/octane", "spiral/roadrunner-http"));
  }

  /** The front controller is the worker; which runtime runs it says a variable. */
  private Project symfony() {
    Project symfony = Project.of("a Symfony application", "php public/index.php");
    if (packages.contains("runtime/roadrunner-symfony-nyholm")) {
      return symfony.with(Map.of("APP_RUNTIME", "Runtime\\RoadRunnerSymfonyNyholm\\Runtime"));
    }
    Project bundle =
        symfony.with(Map.of("APP_RUNTIME", "Baldinof\\RoadRunnerBundle\\Runtime\\Runtime"));
    return packages.contains("baldinof/roadrunner-bundle")
        ? bundle
        : bundle.lacking(requires("baldinof/roadrunner-bundle"));
  }

  private static String requires(String... packages) {
    return "composer require " + String.join(" ", packages);
  }
}
