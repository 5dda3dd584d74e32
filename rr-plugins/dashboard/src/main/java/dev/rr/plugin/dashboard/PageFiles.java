package dev.rr.plugin.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the page is made of, from the plugin's own resources. Immutable. */
final class PageFiles {
  /**
   * A file.
   *
   * @param type its media type
   */
  record PageFile(String type, byte[] bytes) {}

  private final Map<String, PageFile> files =
      Map.of(
          "/dashboard.js", file("dashboard.js", "text/javascript; charset=utf-8"),
          "/dom.js", file("dom.js", "text/javascript; charset=utf-8"),
          "/log.js", file("log.js", "text/javascript; charset=utf-8"),
          "/charts.js", file("charts.js", "text/javascript; charset=utf-8"),
          "/workers.js", file("workers.js", "text/javascript; charset=utf-8"),
          "/plugins.js", file("plugins.js", "text/javascript; charset=utf-8"),
          "/dashboard.css", file("dashboard.css", "text/css; charset=utf-8"),
          "/icon.svg", file("icon.svg", "image/svg+xml"));
  private final String page = read("page.html");
  private final String login = read("login.html");

  /** A file that everybody may have; it tells nothing about this server. */
  @Nullable PageFile find(String path) {
    return files.get(path);
  }

  /** The page itself. */
  byte[] page(String token, boolean readOnly, boolean signedIn) {
    return page.replace("{token}", token)
        .replace("{read-only}", Boolean.toString(readOnly))
        .replace("{signed-in}", Boolean.toString(signedIn))
        .getBytes(UTF_8);
  }

  /** Where visitors sign in. */
  byte[] login(String fault) {
    return login.replace("{fault}", fault).getBytes(UTF_8);
  }

  private static PageFile file(String name, String type) {
    return new PageFile(type, read(name).getBytes(UTF_8));
  }

  private static String read(String name) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the plugin has no resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
