package dev.rr.cli.doctor;

import dev.rr.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether PHP has the extensions that the installed packages and the relay need. */
final class ExtensionsCheck implements DoctorCheck {
  private static final String PREFIX = "ext-";

  @Override
  public String name() {
    return "extensions";
  }

  @Override
  public List<Finding> look(Machine machine) {
    if (machine.php().isEmpty() || !machine.php().get().fault().isEmpty()) {
      return List.of();
    }
    Map<String, String> needed = needed(machine.folder());
    needed.putIfAbsent("json", "every worker");
    if (machine.relaysBySocket()) {
      needed.put("sockets", "server.relay: " + machine.text("server.relay"));
    }
    List<Finding> missing = new ArrayList<>();
    needed.forEach((extension, by) -> {
      if (!machine.php().get().extensions().contains(extension)) {
        missing.add(missing(extension, by));
      }
    });
    return missing.isEmpty()
        ? List.of(Finding.ok("PHP has what is needed: " + String.join(", ", needed.keySet())))
        : missing;
  }

  private static Finding missing(String extension, String by) {
    return Finding.problem(
        "PHP lacks the extension " + extension + ", which " + by + " needs",
        "enable it in php.ini (extension=%1$s), or install it (docker-php-ext-install %1$s)"
            .formatted(extension));
  }

  /** Extensions by name, each with a package that needs it. */
  private static Map<String, String> needed(Path folder) {
    Map<String, String> needed = new TreeMap<>();
    Set<String> provided = new HashSet<>();
    for (Map<?, ?> installed : packages(folder.resolve("vendor/composer/installed.json"))) {
      extensions(installed.get("require"))
          .forEach(name -> needed.putIfAbsent(name, String.valueOf(installed.get("name"))));
      provided.addAll(extensions(installed.get("provide")));
      provided.addAll(extensions(installed.get("replace")));
    }
    // A polyfill stands for the extension that it provides.
    needed.keySet().removeAll(provided);
    return needed;
  }

  private static List<Map<?, ?>> packages(Path file) {
    List<Map<?, ?>> packages = new ArrayList<>();
    try {
      Object read = JsonReader.read(Files.readAllBytes(file), 0);
      Object list = read instanceof Map<?, ?> map ? map.get("packages") : read;
      if (list instanceof List<?> all) {
        all.forEach(one -> {
          if (one instanceof Map<?, ?> map) {
            packages.add(map);
          }
        });
      }
    } catch (IOException | IllegalArgumentException absentOrBroken) {
      return List.of();
    }
    return packages;
  }

  private static List<String> extensions(@Nullable Object names) {
    return names instanceof Map<?, ?> map
        ? map.keySet().stream()
            .map(String::valueOf)
            .filter(name -> name.startsWith(PREFIX))
            .map(name -> name.substring(PREFIX.length()))
            .toList()
        : List.of();
  }
}
