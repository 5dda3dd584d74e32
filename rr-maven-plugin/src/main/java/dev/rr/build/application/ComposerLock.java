package dev.rr.build.application;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rr.build.BuildException;
import dev.rr.build.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The file that Composer notes the packages of an application in. Layout of the fields: Composer's
 * {@code Locker}.
 */
final class ComposerLock {
  /** Its name. */
  static final String NAME = "composer.lock";

  /** Of a package's name, in which capitals are as good as small letters. */
  private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]*";

  private final Path file;
  private final Map<String, ComposerPackage> packages =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  private ComposerLock(Path file) {
    this.file = file;
  }

  /**
   * The packages that one names, sorted by name; none where there is no such file.
   *
   * @param installed whether a package is there: those for development often are not
   * @throws BuildException when it is there and cannot be read
   */
  static List<ComposerPackage> read(Path file, Predicate<String> installed) throws BuildException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    ComposerLock lock = new ComposerLock(file);
    JsonObject root = lock.parse();
    lock.add(root, "packages", false, name -> true);
    if (root.has("packages-dev")) {
      lock.add(root, "packages-dev", true, installed);
    }
    return List.copyOf(lock.packages.values());
  }

  private JsonObject parse() throws BuildException {
    try {
      JsonElement root = JsonParser.parseString(TextFile.read(file));
      if (!root.isJsonObject()) {
        throw unreadable("it is no JSON object");
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(root.toString())) {
        throw unreadable("it has half a character, as \\ud800");
      }
      return root.getAsJsonObject();
    } catch (IOException e) {
      throw unreadable(BuildException.text(e));
    } catch (JsonParseException e) {
      throw unreadable(TextFile.reason(e));
    }
  }

  private void add(JsonObject root, String key, boolean development, Predicate<String> wanted)
      throws BuildException {
    JsonElement list = root.get(key);
    if (list == null || !list.isJsonArray()) {
      throw unreadable("it has no list " + key);
    }
    int index = 0;
    for (JsonElement element : list.getAsJsonArray()) {
      String place = key + "[" + index++ + "]";
      if (!element.isJsonObject()) {
        throw unreadable(place + " is no object");
      }
      JsonObject one = element.getAsJsonObject();
      String name = text(one, place, "name");
      if (!name.matches(PART + "/" + PART)) {
        throw unreadable(
            "the name of %s is %s, not VENDOR/PACKAGE".formatted(place, one.get("name")));
      }
      ComposerPackage found =
          new ComposerPackage(
              name, text(one, place, "version"), licences(one, place), development, requires(one));
      if (wanted.test(name) && packages.put(name, found) != null) {
        throw unreadable("it names %s twice".formatted(name));
      }
    }
  }

  private String text(JsonObject of, String place, String key) throws BuildException {
    JsonElement value = of.get(key);
    if (value == null || !value.isJsonPrimitive()) {
      throw unreadable("%s has no %s".formatted(place, key));
    }
    return value.getAsString();
  }

  private List<String> licences(JsonObject of, String place) throws BuildException {
    JsonElement value = of.get("license");
    if (value == null || value.isJsonNull()) {
      return List.of();
    }
    if (value.isJsonPrimitive()) {
      return List.of(value.getAsString());
    }
    if (!value.isJsonArray()
        || !value.getAsJsonArray().asList().stream().allMatch(JsonElement::isJsonPrimitive)) {
      throw unreadable(place + " has a license that is no list of names");
    }
    return value.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }

  /** PHP writes an empty object as a list. */
  private static List<String> requires(JsonObject of) {
    JsonElement value = of.get("require");
    return value != null && value.isJsonObject()
        ? List.copyOf(new TreeSet<>(value.getAsJsonObject().keySet()))
        : List.of();
  }

  private BuildException unreadable(String why) {
    return new BuildException("%s cannot be read: %s".formatted(file, why));
  }
}
