package dev.rr.build.assemble;

import dev.rr.build.BuildException;
import dev.rr.build.Coordinates;
import dev.rr.build.Input;
import dev.rr.build.archive.Archive;
import dev.rr.processor.descriptor.ContractShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Puts the files of all inputs into one flat tree and decides what happens to those that meet. */
final class Contents {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String SERVICES = "META-INF/services/";
  private static final String NETTY = "META-INF/io.netty.versions.properties";
  private static final String VERSIONS = "META-INF/versions/";
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/(SIG-[^/]*|[^/]*\\.(SF|RSA|DSA|EC))");
  private static final Pattern LICENCE =
      Pattern.compile(
          "(META-INF/)?(licen[cs]es?/.*|(licen[cs]e|notice|copying|copyright|authors|dependencies|al2\\.0|lgpl2\\.1|about)"
              + "([._-][^/]*)?)",
          Pattern.CASE_INSENSITIVE);

  private final Map<String, Owned> files = new TreeMap<>();
  private final Map<String, List<Owned>> merged = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private boolean multiRelease;

  private record Owned(Coordinates owner, Archive.Raw raw, byte[] content) {}

  private Contents() {}

  /**
   * Reads all inputs, in their order.
   *
   * @throws BuildException that names both owners of every file that two of them carry differently
   */
  static Contents of(Collection<Input> inputs) throws BuildException, IOException {
    Contents contents = new Contents();
    for (Input input : inputs) {
      try (Archive archive = Archive.open(input.file())) {
        contents.add(input.coordinates(), archive);
      }
    }
    if (!contents.problems.isEmpty()) {
      throw new BuildException(contents.problems);
    }
    return contents;
  }

  /** Whether some input is a multi-release jar. */
  boolean multiRelease() {
    return multiRelease;
  }

  /** Every file by its path, sorted. */
  Map<String, Archive.Raw> files() {
    Map<String, Archive.Raw> all = new TreeMap<>();
    files.forEach((name, owned) -> all.put(name, owned.raw()));
    merged.forEach((name, parts) -> all.put(name, merge(name, parts)));
    return all;
  }

  private void add(Coordinates owner, Archive archive) throws IOException {
    boolean layered = isMultiRelease(archive);
    multiRelease |= layered;
    for (Archive.Entry entry : archive.entries()) {
      String name = entry.name();
      // In a jar that is not multi-release these classes are dead; they must not come to life here.
      boolean dead = name.startsWith(VERSIONS) && !layered;
      if (!dead && !isDropped(name)) {
        add(owner, target(owner, name), entry);
      }
    }
  }

  private void add(Coordinates owner, String name, Archive.Entry entry) throws IOException {
    if (name.startsWith(SERVICES) || name.equals(NETTY)) {
      merged
          .computeIfAbsent(name, n -> new ArrayList<>())
          .add(new Owned(owner, entry.raw(), entry.content()));
      return;
    }
    Archive.Raw raw = entry.raw();
    Owned other = files.get(name);
    if (other == null) {
      files.put(name, new Owned(owner, raw, new byte[0]));
    } else if (raw.size() != other.raw().size() || raw.crc() != other.raw().crc()) {
      problems.add(
          name
              + " is in "
              + other.owner()
              + " and in "
              + owner
              + " with different content; one of them would silently lose. Leave one of the two"
              + " out, or exclude it where it comes in.");
    }
  }

  private static boolean isDropped(String name) {
    return name.equals(MANIFEST)
        || name.equals("META-INF/INDEX.LIST")
        || name.equals("META-INF/rr/preamble.sh")
        || name.startsWith("META-INF/maven/")
        // Looked at when plugins are selected, and never again.
        || name.startsWith(ContractShape.FOLDER)
        || name.equals("module-info.class")
        || name.startsWith(VERSIONS) && name.endsWith("/module-info.class")
        || name.startsWith(VERSIONS) && name.endsWith("/OSGI-INF/MANIFEST.MF")
        || SIGNATURE.matcher(name.toUpperCase(Locale.ROOT)).matches();
  }

  private static String target(Coordinates owner, String name) {
    if (name.endsWith(".class") || !LICENCE.matcher(name).matches()) {
      return name;
    }
    String rest = name.startsWith("META-INF/") ? name.substring("META-INF/".length()) : name;
    return "META-INF/licenses/" + owner.name() + "/" + rest;
  }

  private static boolean isMultiRelease(Archive archive) throws IOException {
    Optional<Archive.Entry> entry = archive.find(MANIFEST);
    if (entry.isEmpty()) {
      return false;
    }
    Attributes main =
        new Manifest(new ByteArrayInputStream(entry.get().content())).getMainAttributes();
    return "true".equalsIgnoreCase(main.getValue("Multi-Release"));
  }

  private static Archive.Raw merge(String name, List<Owned> parts) {
    if (parts.size() == 1) {
      return parts.get(0).raw();
    }
    Collection<String> lines = name.equals(NETTY) ? new TreeSet<>() : new LinkedHashSet<>();
    for (Owned part : parts) {
      Arrays.stream(new String(part.content(), StandardCharsets.UTF_8).split("\\R", -1))
          .map(l -> l.replaceFirst("#.*", "").strip())
          .filter(l -> !l.isEmpty())
          .forEach(lines::add);
    }
    String text = lines.stream().map(l -> l + "\n").collect(Collectors.joining());
    return Archive.Raw.stored(text.getBytes(StandardCharsets.UTF_8));
  }
}
