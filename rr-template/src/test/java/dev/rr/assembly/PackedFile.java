package dev.rr.assembly;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** Packs this module with the test's assembly, as rr:build does: the preamble, then a flat jar. */
public final class PackedFile {
  private PackedFile() {}

  /** Writes an executable file. */
  public static Path write(Path file, String key) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(preamble().replace("@RR_KEY@", key).getBytes(StandardCharsets.UTF_8));
      Manifest manifest = new Manifest();
      Attributes main = manifest.getMainAttributes();
      main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
      main.put(Attributes.Name.MAIN_CLASS, "dev.rr.launch.Launcher");
      main.putValue("Enable-Native-Access", "ALL-UNNAMED");
      try (JarOutputStream jar = new JarOutputStream(out, manifest)) {
        Set<String> seen = new HashSet<>(Set.of("META-INF/", "META-INF/MANIFEST.MF"));
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
          add(jar, Path.of(part), seen);
        }
      }
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private static String preamble() throws IOException {
    try (InputStream in = PackedFile.class.getResourceAsStream("/META-INF/rr/preamble.sh")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void add(JarOutputStream jar, Path part, Set<String> seen) throws IOException {
    if (Files.isDirectory(part)) {
      try (Stream<Path> files = Files.walk(part)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
          entry(jar, part.relativize(file).toString(), Files.readAllBytes(file), seen);
        }
      }
    } else if (wanted(part)) {
      try (JarFile source = new JarFile(part.toFile())) {
        for (ZipEntry entry :
            (Iterable<ZipEntry>) source.stream().<ZipEntry>map(e -> e)::iterator) {
          if (entry.getName().endsWith(".class")) {
            entry(jar, entry.getName(), source.getInputStream(entry).readAllBytes(), seen);
          }
        }
      }
    }
  }

  /** What the server itself depends on; the test libraries stay out. */
  private static boolean wanted(Path part) {
    String name = part.getFileName().toString();
    return List.of("rr-", "jspecify").stream().anyMatch(name::startsWith);
  }

  private static void entry(JarOutputStream jar, String name, byte[] bytes, Set<String> seen)
      throws IOException {
    if (seen.add(name) && !name.equals("module-info.class")) {
      jar.putNextEntry(new ZipEntry(name));
      new ByteArrayInputStream(bytes).transferTo(jar);
      jar.closeEntry();
    }
  }
}
